# Unpacks kc_dest into its own folder. Names and links are looked at before anything is written.
kc_dir=${kc_dest%/*}
kc_forget "$kc_name.u"
case $kc_kind in
  tar) kc_z= ;;
  tar.gz) kc_z=gzip ;;
  tar.zst) kc_z=zstd ;;
  tar.xz) kc_z=xz ;;
  tar.bz2) kc_z=bzip2 ;;
  zip) kc_z= ;;
esac
if [ "$kc_kind" = zip ]; then
  have unzip || fail 26 'unzip is not installed'
  kc_list=$(unzip -Z1 "$kc_dest" </dev/null) || exit 27
else
  have tar || fail 26 'tar is not installed'
  [ -z "$kc_z" ] || have $kc_z || fail 26 "$kc_z is not installed"
  # pigz and unpigz use all processors for what can be split
  [ "$kc_z" = gzip ] && have pigz && kc_z=pigz
  kc_open() { if [ -z "$kc_z" ]; then cat "$kc_dest"; else $kc_z -dc < "$kc_dest"; fi; }
  kc_list=$(kc_open | tar -tf - ) || exit 27
  # A link may point anywhere as long as nothing of the archive is written through it.
  kc_bad=$({ printf '%s\n' "$kc_list" | sed 's/^/N /'; kc_open | tar -tvf - | sed 's/^/V /'; } | awk '
    function depth(base, target,   n, i, p, d) {
      if (substr(target,1,1)=="/") return -1
      n=split(base, p, "/"); d=0
      for (i=1; i<n; i++) if (p[i]!="" && p[i]!=".") d++
      n=split(target, p, "/")
      for (i=1; i<=n; i++) { if (p[i]=="..") { if (--d<0) return -1 } else if (p[i]!="" && p[i]!=".") d++ }
      return d
    }
    $1=="N" { name[++n]=substr($0,3); next }
    substr($0,3,1)=="l" { s=substr($0,3); m=name[NR-n] " -> "; at=index(s, m); if (at && depth(name[NR-n], substr(s,at+length(m)))<0) { l=name[NR-n] "/"; sub(/^\.\//, "", l); out[++o]=l } }
    END { for (i=1; i<=n; i++) { l=name[i]; sub(/^\.\//, "", l); for (j=1; j<=o; j++) if (index(l, out[j])==1) { print name[i]; exit } } }')
  [ -z "$kc_bad" ] || fail 28 "$kc_bad is written through a link that leads out of the folder"
fi
kc_bad=$(printf '%s\n' "$kc_list" | awk '/^\// || /(^|\/)\.\.(\/|$)/ {print; exit}')
[ -z "$kc_bad" ] || fail 28 "$kc_bad"
if [ "$kc_kind" = zip ]; then
  eval "unzip -o -q \"\$kc_dest\" -d \"\$kc_dir\" $kc_options" </dev/null >&2 || exit 27
else
  # GNU tar can say what it made of each name, which matters with options such as --strip-components.
  if tar --version 2>/dev/null </dev/null | grep -q GNU; then
    kc_list=$(kc_open | eval "tar -xvf - -C \"\$kc_dir\" --show-transformed-names --no-same-owner $kc_options") || exit 27
  else
    kc_open | eval "tar -xf - -C \"\$kc_dir\" $kc_options" || exit 27
  fi
fi
cd "$kc_dir" || exit 27
kc_list=$(printf '%s\n' "$kc_list" | sed 's,^\./,,; s,/$,,' | grep -v -x -e '' -e '\.')
if [ -n "$kc_owner" ]; then printf '%s\n' "$kc_list" | tr '\n' '\0' | xargs -0 chown -h "$kc_owner" || exit 25; fi
if [ -n "$kc_mode" ]; then
  printf '%s\n' "$kc_list" | while IFS= read -r kc_f; do
    [ -L "$kc_f" ] && continue
    # A folder that can be read can be entered.
    if [ -d "$kc_f" ]; then printf '%s\0' "$kc_f"; elif [ -f "$kc_f" ]; then printf '%s\0' "$kc_f"; fi
  done | xargs -0 chmod "$kc_mode" || exit 25
  printf '%s\n' "$kc_list" | while IFS= read -r kc_f; do [ -d "$kc_f" ] && [ ! -L "$kc_f" ] && printf '%s\0' "$kc_f"; done | xargs -0 -n 100 chmod a+X 2>/dev/null
fi
kc_tree=$(printf '%s\n' "$kc_list" | while IFS= read -r kc_f; do [ -f "$kc_f" ] && printf '%s/%s\0' "$kc_dir" "$kc_f"; done | kc_stat_all "T$kc_tab$kc_name$kc_tab")
kc_count=$(printf '%s\n' "$kc_tree" | grep -c "^T$kc_tab")
kc_record "$kc_name.u" "U$kc_tab$kc_name$kc_tab$kc_sha$kc_tab$kc_options_key$kc_tab$kc_dest$kc_tab$kc_count
$kc_tree"
