# One file: from standard input, from a place on the node that has it already (kc_from), or put
# together from parts (kc_parts). Its temporary name is beside its final one,
# so that the rename is atomic. There is no fsync: after a power cut the receipt does not match a file that lost its content.
kc_dir=${kc_dest%/*}
[ -d "$kc_dest" ] && fail 24 "$kc_dest is a folder"
[ -d "$kc_dir" ] || mkdir -p "$kc_dir" || exit 21
kc_id=${kc_name%"${kc_name#????????}"}
kc_t=${kc_parts:-$kc_dir/.kubecache-$$-$kc_id.partial}
# What a machine that lost its power in the middle left behind; a process that lives may be another control machine's.
for kc_f in "$kc_dir"/.kubecache-[0-9]*-"$kc_id".partial; do
  kc_pid=${kc_f##*/.kubecache-}
  [ ! -f "$kc_f" ] || kill -0 "${kc_pid%%-*}" 2>/dev/null || rm -f "$kc_f"
done
trap 'rm -f "$kc_t"' EXIT
trap 'exit 1' HUP INT TERM PIPE
# And what is left of this process's own attempts whose connection broke.
for kc_f in "$kc_partials".*-"$kc_id".partial; do [ "$kc_f" = "$kc_t" ] || rm -f "$kc_f"; done
find "$kc_dir" -maxdepth 1 -name ".kubecache-parts-*-$kc_id.partial" -mmin +60 -exec rm -f {} + 2>/dev/null
if [ -n "$kc_parts" ]; then [ -f "$kc_parts" ] || fail 23 'the parts are gone'
else rm -f "$kc_t"; (umask 077; set -C; : > "$kc_t") || exit 21; fi
if [ -n "$kc_parts" ]; then :
elif [ -n "$kc_from" ]; then cat "$kc_from" > "$kc_t" || exit 21
elif [ -n "$kc_gzip" ]; then gzip -dc > "$kc_t" || exit 21
else cat > "$kc_t" || exit 21; fi
kc_got=$(kc_hash_of "$kc_t")
[ "$kc_got" = "$kc_sha" ] || fail 23 "sha256:$kc_got"
# The owner first: giving a file away takes the set-user bit off it.
if [ -n "$kc_owner" ]; then chown "$kc_owner" "$kc_t" || exit 25
elif [ -f "$kc_dest" ] && [ "$(id -u)" = 0 ]; then chown "$(kc_stat "$kc_dest" | awk -F'\t' '{print $5}')" "$kc_t" || exit 25; fi
# A file that nobody gave a mode keeps the one that it has, or gets the usual one.
if [ -n "$kc_mode" ]; then chmod "$kc_mode" "$kc_t" || exit 25
elif [ -f "$kc_dest" ]; then chmod "$(kc_stat "$kc_dest" | awk -F'\t' '{print $6}')" "$kc_t" || exit 25
else chmod 0644 "$kc_t" || exit 25; fi
mv -f "$kc_t" "$kc_dest" || exit 21
[ -z "$kc_passing" ] || exit 0
kc_key=$(kc_stat "$kc_dest") || exit 21
kc_record "$kc_name.f" "F$kc_tab$kc_name$kc_tab$kc_sha$kc_tab$kc_key$kc_tab$kc_as"
