# Everything about a node in one round trip. Reads "receipt name, path" lines of files that are planned; prints lines of tab-separated fields.
# Every process that is started counts, on each node and in each run: what the shell can do itself, it does.
kc_probe_runtime() { :; }
kc_release_of() {
  for kc_f in "$kc_root/etc/os-release" /etc/os-release /usr/lib/os-release; do
    [ -r "$kc_f" ] || continue
    while IFS='=' read -r kc_k kc_v || [ -n "$kc_k" ]; do
      kc_v=${kc_v#[\"\']} kc_v=${kc_v%[\"\']}
      case $kc_k in ID) kc_os=$kc_v ;; VERSION_ID) kc_os_version=$kc_v ;; esac
    done < "$kc_f"
    return
  done
}
kc_probe_files() {
kc_given=$(sed "s/^/G$kc_tab/")
exec </dev/null
kc_os= kc_os_version=
kc_release_of
kc_u=$(uname -sm)
printf 'node\t%s\t%s\t%s\t%s\t%s\n' "${kc_u#* }" "${kc_u%% *}" "$kc_os" "$kc_os_version" "$(id -u)"
for kc_t in tar gzip pigz unpigz unzip zstd xz bzip2 curl wget skopeo podman crictl ctr docker; do have $kc_t && printf 'tool\t%s\n' $kc_t; done
df -Pk "$kc_root/" "$kc_root/usr/local/bin" "$kc_root/var/lib" "$kc_root/opt" "$kc_root/tmp" "$kc_release" 2>/dev/null | awk 'NR>1 && $4 ~ /^[0-9]+$/ {m=$6; for(i=7;i<=NF;i++) m=m " " $i; if(!(m in s)){s[m]=1; printf "free\t%s\t%.0f\n", m, $4*1024}}'

kc_old=
kc_receipts_ours && kc_old=$(cat "$kc_receipts"/*.f "$kc_receipts"/*.u "$kc_receipts"/*.i 2>/dev/null)
kc_seen=$(printf '%s\n%s\n' "$kc_old" "$kc_given" | awk -F'\t' '
  $1=="F"&&NF==11{p=$10} ($1=="T"||$1=="A")&&NF==9{p=$9} $1=="G"{p=$3}
  p!="" && !(p in s) {s[p]; print p} {p=""}' | tr '\n' '\0' | kc_stat_all "S$kc_tab")
kc_todo=$(printf '%s\n%s\n%s\n' "$kc_seen" "$kc_old" "$kc_given" | awk -F'\t' -v OFS='\t' '
  $1=="S" { now[$8]=$2 OFS $3 OFS $4 OFS $5 OFS $6 OFS $7; next }
  $1=="F" && NF==11 && $3 ~ /^[0-9a-f]+$/ && length($3)==64 { name[$10]=$2; if (now[$10]==$4 OFS $5 OFS $6 OFS $7 OFS $8 OFS $9) { sum[$10]=$3; as[$10]=$11 } next }
  $1=="G" { if (!($3 in name)) name[$3]=$2; next }
  $1=="U" && NF==6 { u[$2]=$0; uid[++un]=$2; next }
  $1=="T" && NF==9 { tp[++tn]=$9; ti[tn]=$2; seen[$2]++; if (now[$9]==$3 OFS $4 OFS $5 OFS $6 OFS $7 OFS $8) good[$9]=1; next }
  $1=="I" && NF==7 { im[++imn]=$0; imid[imn]=$2; next }
  $1=="A" && NF==9 { if (now[$9]==$3 OFS $4 OFS $5 OFS $6 OFS $7 OFS $8) whole[$2]=1; next }
  $1=="B" { b[++bn]=$0; bid[bn]=$2; next }
  END {
    for (p in name) if (p in now && p in sum) print "file", sum[p], now[p], p, as[p]
    for (i=1; i<=tn; i++) if (!(tp[i] in good)) bad[ti[i]]=1
    for (i=1; i<=un; i++) { split(u[uid[i]], f, OFS); if (!(uid[i] in bad) && seen[uid[i]]==f[6]) print "unpacked", f[3], f[4], f[5] }
    for (i=1; i<=imn; i++) { split(im[i], f, OFS); print "delivered", f[3], f[4], f[5], f[6], f[7], (f[2] in whole) ? "whole" : "-" }
    for (i=1; i<=bn; i++) if (bid[i] in whole) { split(b[i], f, OFS); print "range", f[3], f[4], f[5], f[6] }
    for (p in name) if (p in now && !(p in sum)) print "H", name[p], now[p], p
  }')
# What has to be hashed comes last.
case "
$kc_todo" in
*"
H$kc_tab"*)
  printf '%s\n' "$kc_todo" | grep -v "^H$kc_tab"
  kc_todo=$(printf '%s\n' "$kc_todo" | grep "^H$kc_tab")
  if have openssl; then kc_tool='openssl dgst -sha256 -r'; elif have sha256sum; then kc_tool=sha256sum; else kc_tool='shasum -a 256'; fi
  kc_sums=$(printf '%s\n' "$kc_todo" | awk -F'\t' '{print $9}' | tr '\n' '\0' | xargs -0 -n 4 -P 2 $kc_tool 2>/dev/null | sed 's/^\\//' | awk -v OFS='\t' '{print "X", substr($0,1,64), substr($0,67)}')
  printf '%s\n%s\n' "$kc_sums" "$kc_todo" | awk -F'\t' -v OFS='\t' '
    $1=="X" { sum[$3]=$2; next }
    $9 in sum { print $2, sum[$9], $3, $4, $5, $6, $7, $8, $9 }' |
  # "?": the content is known, but it was not us who brought it.
  while IFS=$kc_tab read -r kc_n kc_s kc_1 kc_2 kc_3 kc_4 kc_5 kc_6 kc_p; do
    printf 'file\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t?\n' "$kc_s" "$kc_1" "$kc_2" "$kc_3" "$kc_4" "$kc_5" "$kc_6" "$kc_p"
    kc_record "$kc_n.f" "F$kc_tab$kc_n$kc_tab$kc_s$kc_tab$kc_1$kc_tab$kc_2$kc_tab$kc_3$kc_tab$kc_4$kc_tab$kc_5$kc_tab$kc_6$kc_tab$kc_p$kc_tab?"
  done
  ;;
*) printf '%s\n' "$kc_todo" ;;
esac
}
