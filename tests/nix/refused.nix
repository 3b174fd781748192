[ 1 ] == [ 1.0 ]
{ a = 1; } == { a = 1.0; }
[ [ 1 ] 2 ] < [ [ 1 ] 3 ]
toString [ 1 "a" true ]
builtins.toJSON { a = [ 1 2.5 "x" null true ]; }
[ (x: x) 1 ] == [ ]
