# Strings, their escapes and interpolations.
""
"a"
"a b"
"é"
"日本語"
"🎉"
"\""
"\\"
"\n"
"\r"
"\t"
"\a"
"\'"
"\ "
"\$"
"\${a}"
"\\${"a"}"
"\\\${a}"
"\u0041"
"\x41"
"\0"
"\1"
"$$$"
"$a"
"${"a"}"
"$$${"a"}"
"$$$${"a"}"
"\$${"a"}"
"a$b"
"a${"b"}c${"d"}e"
"${"${"${"a"}"}"}"
"{a}"
"}"
"a } b"
"${"}"}"
"${"\""}"
"${''a''}"
"${ "a" + "b" }"
"${let a = "x"; in a}"
"${if true then "a" else "b"}"
"${{ a = "x"; }.a}"
"${toString 1}"
"${toString 1.5}"
"${toString true}"
"x${toString [ 1 2 ]}y"
"${1}"
"${1.5}"
"${true}"
"${null}"
"${[ ]}"
"${[ "a" ]}"
"${{ }}"
"${x: x}"
"a" + "b" + "c"
"a" + ("b" + "c")
"" + ""
"a" + null
"a" + true
"a" + [ ]
"a" - "b"
"a" * 2
-"a"
!"a"
"a" == "a"
"a" == "A"
"a" != "b"
"b" < "a"
"a" < "a"
"a" <= "a"
"a" < "aa"
"Z" < "a"
"z" < "é"
"10" < "9"
"é" == "é"
"a" < 1
"a" ++ "b"
builtins.stringLength "日本"
builtins.stringLength "🎉"
builtins.stringLength "\n"
builtins.stringLength 1
builtins.substring 0 1 "abc"
builtins.substring 1 1 "abc"
builtins.substring 0 0 "abc"
builtins.substring 0 100 "abc"
builtins.substring 2 100 "abc"
builtins.substring 3 1 "abc"
builtins.substring 4 1 "abc"
builtins.substring 100 1 "abc"
builtins.substring 0 (-1) "abc"
builtins.substring 1 (-1) "abc"
builtins.substring 1 (-5) "abc"
builtins.substring 10 (-1) "abc"
builtins.substring (-1) 1 "abc"
builtins.substring (-1) (-1) "abc"
builtins.substring 0 2 "é"
builtins.substring 0 3 "日本"
builtins.substring 3 3 "日本"
builtins.substring 0 5 ""
builtins.substring 0 9223372036854775807 "abc"
builtins.substring 1 9223372036854775807 "abc"
builtins.replaceStrings [ "a" ] [ "b" ] "banana"
builtins.replaceStrings [ "a" "b" ] [ "b" "a" ] "abab"
builtins.replaceStrings [ "ab" "a" ] [ "1" "2" ] "abaab"
builtins.replaceStrings [ "a" "ab" ] [ "1" "2" ] "abaab"
builtins.replaceStrings [ "" ] [ "x" ] "abc"
builtins.replaceStrings [ "" ] [ "x" ] ""
builtins.replaceStrings [ "" "a" ] [ "x" "y" ] "abc"
builtins.replaceStrings [ "a" "" ] [ "y" "x" ] "abc"
builtins.replaceStrings [ "b" "" ] [ "" "-" ] "abc"
builtins.replaceStrings [ "a" ] [ "" ] "aaa"
builtins.replaceStrings [ "a" ] [ "aa" ] "aaa"
builtins.replaceStrings [ ] [ ] "abc"
builtins.replaceStrings [ "a" ] [ ] "abc"
builtins.replaceStrings [ ] [ "a" ] "abc"
builtins.replaceStrings [ "a" "b" ] [ "x" ] "abc"
builtins.replaceStrings [ "é" ] [ "e" ] "été"
builtins.concatStringsSep "" [ ]
builtins.concatStringsSep "," [ "a" ]
builtins.concatStringsSep ", " [ "a" "b" "c" ]
builtins.concatStringsSep "" [ "a" "b" ]
builtins.concatStringsSep "," [ 1 2 ]
builtins.concatStringsSep "," [ "" "" ]
toString "a"
toString ""
toString [ ]
toString [ 1 2 3 ]
toString [ "a" "b" ]
toString [ true false true ]
toString [ null null ]
toString [ [ 1 2 ] [ 3 ] ]
toString [ [ ] [ ] ]
toString [ [ ] [ 1 ] [ ] [ 2 ] ]
toString [ [ ] [ [ ] ] ]
toString [ "" "" ]
toString [ "a" "" "b" ]
toString [ 1.5 2.5 ]
toString { }
toString (x: x)
toString [ (x: x) ]
toString toString
builtins.hashString "md5" "abc"
builtins.hashString "sha1" "abc"
builtins.hashString "sha256" ""
builtins.hashString "sha512" "a"
builtins.hashString "sha3" "a"
builtins.isString 1
builtins.toJSON ""
builtins.toJSON "a"
builtins.toJSON "\""
builtins.toJSON "\\"
builtins.toJSON "\n\r\t"
builtins.toJSON "/"
builtins.toJSON "é"
builtins.toJSON "日本語"
builtins.toJSON "<>&'"
builtins.toJSON "\${}"
"a" # b
/* a */ "b"
/* a * b */ "c"
/**/ "d"
/* "a" */ "e"
"# no comment"
"/* no comment */"
