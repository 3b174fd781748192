def over($m): . - (. / $m | floor) * $m;
. as $scale
| reduce ([range($scale * 20000) | . * 7919 + 17 | over(100003)] | sort[]) as $x (0; . * 3 + $x | over(1000003))
