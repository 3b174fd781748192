def fib: if . < 2 then . else (. - 1 | fib) + (. - 2 | fib) end;
15 + . | fib
