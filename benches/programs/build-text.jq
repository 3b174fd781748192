. as $scale | reduce range($scale * 400) as $x (""; . + "line \($x)\n") | utf8bytelength
