# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_invq_global_optspecs
    string join \n i/inventory= demo from= reader= strict allow= warn= deny= color= error-format= f/file= arg= argjson= cluster= o/output= r/raw 0/null c/compact n/no-newline e/exit-status q/quiet keep-going no-hint limit-steps= limit-memory= limit-depth= limit-time= limit-answer= h/help V/version
end

function __fish_invq_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_invq_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_invq_using_subcommand
    set -l cmd (__fish_invq_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c invq -n "__fish_invq_needs_command" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_needs_command" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_needs_command" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_needs_command" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_needs_command" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_needs_command" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_needs_command" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_needs_command" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_needs_command" -s f -l file -d 'Read the expression from a file; FILE\'s own arguments follow' -r -F
complete -c invq -n "__fish_invq_needs_command" -l arg -d 'Bind NAME to a text' -r
complete -c invq -n "__fish_invq_needs_command" -l argjson -d 'Bind NAME to a JSON value' -r
complete -c invq -n "__fish_invq_needs_command" -l cluster -d 'Resolve bare filters in this cluster alone' -r
complete -c invq -n "__fish_invq_needs_command" -s o -l output -d 'Format of the answer' -r -f -a "auto\t'as the type of the query says'
names\t'names of machines, or texts, one per line'
fqdn\t'fully qualified domain names of machines, one per line'
json\t'one JSON value'
ndjson\t'JSON, one element of a list per line'
yaml\t'YAML'
toml\t'TOML; needs a record'
nix\t'a Nix expression'
csv\t'comma-separated values with a header; needs records'
tsv\t'tab-separated values with a header; needs records'
table\t'aligned columns and a count of rows; needs records'
paths\t'paths of machines, one per line'
nodeset\t'names of machines folded into one node set'
ansible\t'an inventory for Ansible, with groups and variables; needs machines'
ssh\t'blocks for `ssh_config`; needs machines'
hosts\t'lines for `/etc/hosts`; needs machines'
file_sd\t'targets for Prometheus\' file-based discovery; needs machines'
dot\t'a graph for Graphviz; needs machines or placements'
mermaid\t'a graph as a flowchart of Mermaid; needs machines or placements'
svg\t'a graph as a picture; needs machines or placements'
type\t'the type of the query, which is not run'"
complete -c invq -n "__fish_invq_needs_command" -l limit-steps -d 'Evaluation steps at most' -r
complete -c invq -n "__fish_invq_needs_command" -l limit-memory -d 'Memory of values at most: 500M, 2G' -r
complete -c invq -n "__fish_invq_needs_command" -l limit-depth -d 'Nested calls at most' -r
complete -c invq -n "__fish_invq_needs_command" -l limit-time -d 'Time of the evaluation at most: 100ms, 2s' -r
complete -c invq -n "__fish_invq_needs_command" -l limit-answer -d 'Memory of the answer at most: 500M, 2G' -r
complete -c invq -n "__fish_invq_needs_command" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_needs_command" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_needs_command" -s r -l raw -d 'Write texts in JSON output without quotes'
complete -c invq -n "__fish_invq_needs_command" -s 0 -l null -d 'End each line\'s text with NUL instead of a line feed'
complete -c invq -n "__fish_invq_needs_command" -s c -l compact -d 'Write JSON on one line'
complete -c invq -n "__fish_invq_needs_command" -s n -l no-newline -d 'Do not end the last line'
complete -c invq -n "__fish_invq_needs_command" -s e -l exit-status -d 'Exit with 1 where the answer is empty, null or false'
complete -c invq -n "__fish_invq_needs_command" -s q -l quiet -d 'Write nothing; the exit status tells, as with -e'
complete -c invq -n "__fish_invq_needs_command" -l keep-going -d 'Do not stop at the first mistake of lines from standard input'
complete -c invq -n "__fish_invq_needs_command" -l no-hint -d 'Plain typing: no hints, colours or underlines in the line'
complete -c invq -n "__fish_invq_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_needs_command" -s V -l version -d 'Print version'
complete -c invq -n "__fish_invq_needs_command" -a "check" -d 'List every mistake of an inventory'
complete -c invq -n "__fish_invq_needs_command" -a "why" -d 'Tell why a machine gets a service or matches a filter, or why not'
complete -c invq -n "__fish_invq_needs_command" -a "render" -d 'Write the final configuration of machines, or who says what in it'
complete -c invq -n "__fish_invq_needs_command" -a "diff" -d 'Tell what changes from one inventory to another; exit with 1 where something does'
complete -c invq -n "__fish_invq_needs_command" -a "plan" -d 'Tell what an operation of Operations Center would do; with --write, do it to the documents'
complete -c invq -n "__fish_invq_needs_command" -a "index" -d 'Write a snapshot of an inventory, from which queries open it at once'
complete -c invq -n "__fish_invq_needs_command" -a "graph" -d 'Draw machines, services or clouds as a graph'
complete -c invq -n "__fish_invq_needs_command" -a "fmt" -d 'Format expressions, also those in an inventory\'s strings'
complete -c invq -n "__fish_invq_needs_command" -a "explain" -d 'Explain a kind of mistake; without CODE, list all kinds'
complete -c invq -n "__fish_invq_needs_command" -a "doc" -d 'Describe a builtin, a set of them, a collection or a record; without NAME, list them'
complete -c invq -n "__fish_invq_needs_command" -a "completions" -d 'Write completions for a shell'
complete -c invq -n "__fish_invq_needs_command" -a "schema" -d 'Write the JSON Schema of inventory files, for editors'
complete -c invq -n "__fish_invq_needs_command" -a "lsp" -d 'Serve an editor as a language server on standard input and output'
complete -c invq -n "__fish_invq_needs_command" -a "man" -d 'Write the manual page'
complete -c invq -n "__fish_invq_needs_command" -a "page" -d 'Write a generated page of the documentation'
complete -c invq -n "__fish_invq_using_subcommand check" -l format -d 'How mistakes are written to standard output; without it, as `--error-format` says' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'
sarif\t'One SARIF 2.1.0 document, for CI systems and editors'"
complete -c invq -n "__fish_invq_using_subcommand check" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand check" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand check" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand check" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand check" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand check" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand check" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand check" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand check" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand check" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand why" -l reaches -d 'Tell by which clouds it reaches another machine, or which link is missing' -r
complete -c invq -n "__fish_invq_using_subcommand why" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand why" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand why" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand why" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand why" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand why" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand why" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand why" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand why" -l json -d 'Write a JSON object for each machine of the name'
complete -c invq -n "__fish_invq_using_subcommand why" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand why" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand render" -s m -l machine -d 'Machine\'s name; may be given several times. Without it, all machines' -r
complete -c invq -n "__fish_invq_using_subcommand render" -l at -d 'Only what stands at this option, such as `networking.extraHosts`' -r
complete -c invq -n "__fish_invq_using_subcommand render" -l nix -d 'Write a NixOS module for each machine, and a flake.nix with them, into a folder' -r -F
complete -c invq -n "__fish_invq_using_subcommand render" -s o -l output -d 'Format of the configuration' -r -f -a "auto\t'as the type of the query says'
names\t'names of machines, or texts, one per line'
fqdn\t'fully qualified domain names of machines, one per line'
json\t'one JSON value'
ndjson\t'JSON, one element of a list per line'
yaml\t'YAML'
toml\t'TOML; needs a record'
nix\t'a Nix expression'
csv\t'comma-separated values with a header; needs records'
tsv\t'tab-separated values with a header; needs records'
table\t'aligned columns and a count of rows; needs records'
paths\t'paths of machines, one per line'
nodeset\t'names of machines folded into one node set'
ansible\t'an inventory for Ansible, with groups and variables; needs machines'
ssh\t'blocks for `ssh_config`; needs machines'
hosts\t'lines for `/etc/hosts`; needs machines'
file_sd\t'targets for Prometheus\' file-based discovery; needs machines'
dot\t'a graph for Graphviz; needs machines or placements'
mermaid\t'a graph as a flowchart of Mermaid; needs machines or placements'
svg\t'a graph as a picture; needs machines or placements'
type\t'the type of the query, which is not run'"
complete -c invq -n "__fish_invq_using_subcommand render" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand render" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand render" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand render" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand render" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand render" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand render" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand render" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand render" -l sources -d 'Show every definition: who says it and where, its priority, and why it counts or not'
complete -c invq -n "__fish_invq_using_subcommand render" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand render" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand render" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand diff" -l with -d 'Changes to look ahead to: `addTag "jon" "web"`, or a list of changes. Nothing is written' -r
complete -c invq -n "__fish_invq_using_subcommand diff" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand diff" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand diff" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand diff" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand diff" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand diff" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand diff" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand diff" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand diff" -l json -d 'Write a JSON object'
complete -c invq -n "__fish_invq_using_subcommand diff" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand diff" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand plan" -l cluster -d 'Cluster of a bulk update, where there are several' -r
complete -c invq -n "__fish_invq_using_subcommand plan" -l select -d 'Change only the servers that this filter selects' -r
complete -c invq -n "__fish_invq_using_subcommand plan" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand plan" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand plan" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand plan" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand plan" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand plan" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand plan" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand plan" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand plan" -l write -d 'Write the documents as they are afterwards; nothing is sent anywhere'
complete -c invq -n "__fish_invq_using_subcommand plan" -l json -d 'Write the plan as a JSON object: requests, and what takes them back'
complete -c invq -n "__fish_invq_using_subcommand plan" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand plan" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand index" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand index" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand index" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand index" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand index" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand index" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand index" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand index" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand index" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand index" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand index" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand graph" -s o -l output -d 'Format of the graph' -r -f -a "dot\t'Graphviz\' language'
mermaid\t'a flowchart of Mermaid'
svg\t'a picture, laid out'"
complete -c invq -n "__fish_invq_using_subcommand graph" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand graph" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand graph" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand graph" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand graph" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand graph" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand graph" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand graph" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand graph" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand graph" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand graph" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand fmt" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand fmt" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand fmt" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand fmt" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand fmt" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand fmt" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand fmt" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand fmt" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand fmt" -l check -d 'Write nothing; list the files that would change, and exit with 1 if there are any'
complete -c invq -n "__fish_invq_using_subcommand fmt" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand fmt" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand fmt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand explain" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand explain" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand explain" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand explain" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand explain" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand explain" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand explain" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand explain" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand explain" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand explain" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand doc" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand doc" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand doc" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand doc" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand doc" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand doc" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand doc" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand doc" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand doc" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand doc" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand doc" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand completions" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand completions" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand completions" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand completions" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand completions" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand completions" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand completions" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand completions" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand completions" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand completions" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand schema" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand schema" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand schema" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand schema" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand schema" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand schema" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand schema" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand schema" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand schema" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand schema" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand lsp" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand lsp" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand lsp" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand lsp" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand lsp" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand lsp" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand lsp" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand lsp" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand lsp" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand lsp" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand lsp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand man" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand man" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand man" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand man" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand man" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand man" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand man" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand man" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand man" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand man" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c invq -n "__fish_invq_using_subcommand page" -s i -l inventory -d 'Inventory to load; `-` is standard input. Several merge in order' -r -F
complete -c invq -n "__fish_invq_using_subcommand page" -l from -d 'System whose inventory it is, where its keys do not say' -r -f -a "clan\t'Clan inventories, instances and services'
clusterconfig\t'NixOs-ClusterConfig domains'
walrus\t'Walrus systems and clouds'
ansible\t'Ansible inventories in INI, YAML, TOML and JSON'
operations-center\t'Operations Center clusters, servers and inventory'"
complete -c invq -n "__fish_invq_using_subcommand page" -l reader -d 'Function that makes an inventory of the documents, for those of no known system' -r -F
complete -c invq -n "__fish_invq_using_subcommand page" -l allow -d 'Do not mention mistakes of this kind' -r
complete -c invq -n "__fish_invq_using_subcommand page" -l warn -d 'Make mistakes of this kind warnings' -r
complete -c invq -n "__fish_invq_using_subcommand page" -l deny -d 'Make mistakes of this kind errors' -r
complete -c invq -n "__fish_invq_using_subcommand page" -l color -d 'When to use colours (also NO_COLOR, CLICOLOR_FORCE)' -r -f -a "auto\t'Where the stream is a terminal'
always\t'Always'
never\t'Never'"
complete -c invq -n "__fish_invq_using_subcommand page" -l error-format -d 'How mistakes are written to standard error' -r -f -a "human\t'Reports that show the text'
json\t'A JSON object per line'
short\t'`file:line:column: severity[code]: message`'"
complete -c invq -n "__fish_invq_using_subcommand page" -l demo -d 'Use the small built-in inventory'
complete -c invq -n "__fish_invq_using_subcommand page" -l strict -d 'Let any mistake of the inventory stop the query; for `check`, warnings fail too'
complete -c invq -n "__fish_invq_using_subcommand page" -s h -l help -d 'Print help (see more with \'--help\')'
