# A part of what was downloaded, for the cache of the control machine.
tail -c "+$kc_offset" "$kc_from" || exit 21
