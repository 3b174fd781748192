. as $scale | reduce range($scale * 100000) as $x (0; . + $x * 2)
