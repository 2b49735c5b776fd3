kc_ctr() { ctr -a "$kc_socket" -n k8s.io "$@" 2>/dev/null </dev/null; }
kc_version() { kc_ctr version | awk '/^Server/{s=1} s&&/Version:/{print $2;exit}'; }
# "images check" says what "images ls" says and whether the content is there; an unpacked image is usable without its content.
kc_images() { kc_ctr images check | awk 'NR>1 && $1 !~ /^sha256:/ && $3 ~ /^sha256:/ {printf "image\t%s\t%s\t%s\n", $1, $3, ($4=="complete" || $NF=="true") ? "complete" : "broken"}'; }
kc_blobs() { kc_ctr content ls -q | sed "s/^sha256:/blob$kc_tab/"; }
kc_chains() { kc_ctr snapshots ls | awk '$NF=="Committed" && $1 ~ /^sha256:/ {print "chain\t" substr($1,8)}'; }
kc_layers() { kc_beside kc_blobs kc_chains; }
kc_probe_runtime() {
  [ -S "$kc_socket" ] && have ctr || return 0
  kc_beside kc_images kc_layers | { kc_v=$(kc_version) && [ -n "$kc_v" ] && printf 'runtime\t%s\n' "$kc_v" && cat; }
}
