printf 'end\n'
