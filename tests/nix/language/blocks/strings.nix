''
  first
    second
  third
''
#---
''

  blank first
''
#---
''
  a

  b
''
#---
''  one line''
#---
''
    deeper
  less
 least
''
#---
''
  ${"x"}
    y
''
#---
''
  x
  ''
#---
''
x
  y''
#---
''
	tab
''
#---
''
  a
 
  b
''
#---
''
  ''${a}
   ''\n'''
''
#---
let a = "1\n2"; in ''
  x
    ${a}
  y
''
#---
''${"a"}
  b
''
#---
''
   
  a''
#---
"a
  b"
#---
{ a = 1;
  # a comment
  b = /* another */ 2; }
