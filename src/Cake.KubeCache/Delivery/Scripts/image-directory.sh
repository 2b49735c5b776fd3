# One OCI archive per image. What other archives of the folder already hold is copied on the node ("file offset length" lines in
# kc_copies, whole tar members); the rest comes on standard input. Then every blob is hashed where it stands ("digest offset size").
kc_dir=${kc_path%/*}
mkdir -p "$kc_dir" || exit 21
[ -d "$kc_path" ] && fail 21 "$kc_path is a folder"
kc_t=$kc_dir/.kubecache-$$.partial
for kc_f in "$kc_dir"/.kubecache-[0-9]*.partial; do
  kc_pid=${kc_f##*/.kubecache-}
  [ ! -f "$kc_f" ] || kill -0 "${kc_pid%.partial}" 2>/dev/null || rm -f "$kc_f"
done
trap 'rm -f "$kc_t"' EXIT
trap 'exit 1' HUP INT TERM PIPE
rm -f "$kc_t"; (set -C; : > "$kc_t") || exit 21
printf '%s\n' "$kc_copies" | while IFS=$kc_tab read -r kc_f kc_o kc_l; do
  [ -z "$kc_f" ] || tail -c "+$((kc_o + 1))" "$kc_f" | head -c "$kc_l" >> "$kc_t" || exit 23
done || exit 23
kc_archive >> "$kc_t" || exit 21
[ "$(wc -c < "$kc_t" | tr -d ' ')" = "$kc_size" ] || fail 23 "the archive has $(wc -c < "$kc_t" | tr -d ' ') bytes, not $kc_size"
printf '%s\n' "$kc_blobs" | while IFS=$kc_tab read -r kc_h kc_o kc_l; do
  [ "$(kc_hash_range "$kc_t" "$kc_o" "$kc_l")" = "$kc_h" ] || { printf 'blob sha256:%s is not what it should be\n' "$kc_h" >&2; exit 1; }
done || exit 23
chmod 0644 "$kc_t" && mv -f "$kc_t" "$kc_path" || exit 21
kc_key=$(kc_stat "$kc_path") || exit 21
kc_record "$kc_name.i" "$kc_receipt
A$kc_tab$kc_name$kc_tab$kc_key
$kc_ranges"
