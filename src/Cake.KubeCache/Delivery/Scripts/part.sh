# One part of a large file (kc_length bytes), written at its place (kc_block, in blocks of 1 MiB) into the file that file.sh takes over.
# Where it does not come whole, nobody is there to take the file over: what other parts of this attempt wrote goes, too.
mkdir -p "${kc_parts%/*}" || exit 21
umask 077
kc_whole=
trap '[ -n "$kc_whole" ] || rm -f "$kc_parts"' EXIT
trap 'exit 1' HUP INT TERM PIPE
kc_write() { dd of="$kc_parts" bs=1048576 seek="$kc_block" conv=notrunc 2>&1; }
kc_said=$(if [ -n "$kc_gzip" ]; then gzip -dc | kc_write; else kc_write; fi) || fail 21 "$(printf '%s\n' "$kc_said" | head -n 1)"
kc_got=$(printf '%s\n' "$kc_said" | awk '$2 ~ /^bytes?$/ {print $1}')
[ "${kc_got:-$kc_length}" = "$kc_length" ] || fail 23 "$kc_got bytes of $kc_length arrived"
kc_whole=1
