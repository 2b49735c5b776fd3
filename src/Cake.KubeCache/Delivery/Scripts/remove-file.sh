# Removes a file that an earlier run brought, and what was unpacked from it. Only what still is as it was left.
kc_receipts_ours && kc_line=$(grep "^F$kc_tab" "$kc_receipts/$kc_name.f" 2>/dev/null) || fail 29 'there is no receipt for it'
[ "${kc_line##*$kc_tab}" != '?' ] || fail 29 'it was there before us'
kc_tree=$(grep "^T$kc_tab" "$kc_receipts/$kc_name.u" 2>/dev/null)
{ printf '%s\n' "$kc_line" | awk -F'\t' -v OFS='\t' '{print $4,$5,$6,$7,$8,$9,$10}'; printf '%s\n' "$kc_tree" | awk -F'\t' -v OFS='\t' 'NF==9{print $3,$4,$5,$6,$7,$8,$9}'; } |
while IFS= read -r kc_key; do
  kc_f=${kc_key##*$kc_tab}
  [ -e "$kc_f" ] || continue
  if [ "$(kc_stat "$kc_f")" = "$kc_key" ]; then rm -f "$kc_f" || exit 21; else printf '%s was changed and stays\n' "$kc_f" >&2; fi
done || exit 21
[ -e "$kc_dest" ] && fail 29 "$kc_dest was changed by somebody else and stays"
kc_forget "$kc_name.f"
kc_forget "$kc_name.u"
