# Numbers: integers of 64 bits, floats, and what they are together.
0
00
007
1 + 1
1+1
1 - 1
5 - 8
2 * 3 + 4
2 + 3 * 4
(2 + 3) * 4
2 - 3 - 4
16 / 4 / 2
7 / 2 * 2
7 * 2 / 2
(-7) / 2
-7 / -2
0 / 5
-0
- 0
--1
- - 1
1 - - 1
-(1 + 2)
-(-(3))
-9223372036854775807
9223372036854775806 + 1
9223372036854775808
-9223372036854775808
99999999999999999999
4611686018427387904 * 1
3037000499 * 3037000499
1000000 * 1000000 * 1000000
1 / 0.0
1.0 / 0
0 / 0
0.0 / 0.0
0.0 == 0
(-9223372036854775807 - 1) / (-1)
1.0
1.5
0.5
1.
1.e3
1.0E3
1.0e+3
1e3
1.0e0
.5e1
0.1 + 0.2 == 0.3
2.0 / 3.0
1.0e10
1.0e15
1.0e16
1.0e17
123456.0
1234567.0
12345678.0
0.0001
0.00001
100000.0
1000000.0
1.0e100
1.0e308
1.0e-300
1.0e-320
1.7976931348623157e308
123456789.123456789
0.123456789
1.0e-5
1 + 1.5
2 * 1.5
1.5 * 2
3 - 0.5
0.5 - 3
3.0 / 2
7.0 / 2.0
-1.5
- 1.5
-(1.5)
1.5 - -1.5
1.0 == 1.0
1 != 1.0
0.0 == -0.0
1.5 < 2
2 > 1.5
1.5 <= 1.5
2 >= 2.0
1 < 2
2 < 1
1 <= 1
1 >= 2
-1 < 0
9007199254740993 == 9007199254740992.0
9007199254740993 < 9007199254740994.0
9223372036854775807 == 9223372036854775808.0
9223372036854775807 < 9223372036854775808.0
9223372036854775807 <= 9223372036854775808.0
toString 0
toString 9223372036854775807
toString 1.0
toString 0.1
toString (-1.5)
toString (-0.0)
toString (0.0 * -1)
toString 1.0e10
toString 1.0e15
toString 1.0e17
toString 1.0e22
toString 1.0e30
toString 123456789.123456789
toString 0.0000001
toString 0.0000005
toString 0.0000015
toString 0.5000005
toString 1.9999999
toString (1.0 / 3)
toString (2.0 / 3)
toString 1.0e-10
toString 2.5e-7
builtins.toJSON 1
builtins.toJSON (-1)
builtins.toJSON 1.5
builtins.toJSON 0.1
builtins.toJSON 100.25
builtins.typeOf (1 + 1.0)
builtins.typeOf (2 / 1)
builtins.typeOf (2.0 / 1)
builtins.typeOf (1 * 1.0)
builtins.typeOf (-1.0)
builtins.isInt (1 * 1)
builtins.isFloat (1 + 1.0)
builtins.isInt 1.0
builtins.add 1.5 2.5
builtins.mul 3 4
builtins.div (-7) 2
builtins.div 7 0
builtins.div 7.0 2.0
builtins.lessThan 2 1
builtins.lessThan "a" "b"
builtins.lessThan 1.5 2.5
builtins.bitAnd 12 10
builtins.bitOr 12 10
builtins.bitXor 12 10
builtins.bitAnd (-1) 255
builtins.bitOr (-1) 0
builtins.bitXor (-1) 0
builtins.bitAnd 0 0
builtins.bitAnd 1.5 1
builtins.ceil 1.0
builtins.ceil (-1.2)
builtins.ceil 1
builtins.floor 1.8
builtins.floor (-1.8)
builtins.floor 5
builtins.floor 0.0
builtins.ceil (-0.5)
builtins.floor (-0.5)
builtins.floor "1"
let x = 2; in x*x
let x = 2; in x / x
let x = 2; in -x
let x = 2; in 1 -x
let x = 2; in 1 - x
let x = 2; y = 3; in x -y
let x = 2; y = 3; in x-y
[ 1 -1 ]
[ 1 (-1) ]
[ 1 - 1 ]
[1 2 3]
[1.5 2.5]
[.5 .25]
1 + 2 == 3
1 + 2 < 4 && 3 < 4
1 < 2 < 3
1 == 1 == true
(1 == 1) == true
1 - 1 == 0
- 2 * 3
-2 * -3
1 + -1 * 2
!(1 == 2)
!1 == 2
(x: 2.5 * x) 2
(x: 2.5 + x) 0.5
(x: x - 0.5) 1
let zero = -2.5 * (0.25 - 0.25); in toString (zero + zero)
let zero = -2.5 * (0.25 - 0.25); in toString (zero + zero + zero)
let zero = -2.5 * (0.25 - 0.25); in toString (builtins.add zero zero)
let zero = -2.5 * (0.25 - 0.25); in toString (builtins.foldl' (a: b: a + b) zero [ zero ])
let zero = -2.5 * (0.25 - 0.25); in map toString [ zero (-zero) (zero - zero) (0 + zero) (zero * 1) ]
