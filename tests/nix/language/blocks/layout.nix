(1 +
2)
#---
1 + # c
2
#---
1
+
2
#---
{
  a
  =
  1
  ;
}
#---
if
true
then
1
else
2
#---
1 # one
+ 2 # two
#---
/* a
   b */ 1
#---
let
  # comment
  a = 1; # another
  /* and */ b = 2;
in
a + b
