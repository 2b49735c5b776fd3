# The content is right already: only owner and mode are set.
[ -z "$kc_mode" ] || chmod "$kc_mode" "$kc_dest" || exit 25
[ -z "$kc_owner" ] || chown "$kc_owner" "$kc_dest" || exit 25
kc_key=$(kc_stat "$kc_dest") || exit 21
kc_record "$kc_name.f" "F$kc_tab$kc_name$kc_tab$kc_sha$kc_tab$kc_key$kc_tab$kc_as"
