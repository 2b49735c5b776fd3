# The image archive comes on standard input and goes straight into the import.
kc_ctr() { ctr -a "$kc_socket" -n k8s.io "$@"; }
have ctr || fail 20 'ctr is not installed'
# Where nobody listens ctr goes on dialling for 10 s, at each of the questions below.
[ -S "$kc_socket" ] || fail 20 "containerd does not run: $kc_socket is not there"
kc_state() { kc_ctr images check "name==\"$1\"" 2>/dev/null </dev/null | awk -v n="$1" '$1==n {print $3, ($4=="complete" || $NF=="true") ? "complete" : "broken"}'; }
kc_local=
kc_ctr images import --help 2>/dev/null </dev/null | grep -q -e '--local' && kc_local=--local
kc_into kc_ctr images import $kc_local - >/dev/null
kc_rc=$?
[ "$(kc_state "$kc_ref")" = "$kc_digest complete" ] && kc_good=1 || kc_good=
if [ $kc_rc != 0 ] || [ -z "$kc_good" ]; then
  # The kubelet would take a record of an image that is not whole for the image.
  case $(kc_state "$kc_ref") in *broken) kc_ctr images rm "$kc_ref" >/dev/null 2>&1 </dev/null ;; esac
  [ $kc_rc != 0 ] && exit 21
  fail 22 "after the import $kc_ref is not there whole"
fi
# With the CRI plugin running these come by themselves; setting them again changes nothing.
kc_ctr images label "$kc_ref" io.cri-containerd.image=managed $kc_pin >/dev/null </dev/null
if [ -n "$kc_byDigest" ]; then
  kc_ctr images tag --force "$kc_ref" "$kc_byDigest" >/dev/null </dev/null
  kc_ctr images label "$kc_byDigest" io.cri-containerd.image=managed $kc_pin >/dev/null </dev/null
fi
kc_record "$kc_name.i" "$kc_receipt"
