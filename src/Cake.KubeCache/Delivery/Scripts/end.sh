# The files and the runtime are looked at side by side.
kc_beside kc_probe_files kc_probe_runtime
printf 'end\n'
