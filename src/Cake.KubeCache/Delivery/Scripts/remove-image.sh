# Removes an image that an earlier run brought.
kc_receipts_ours && [ -f "$kc_receipts/$kc_name.i" ] || fail 29 'there is no receipt for it'
case $kc_runtime in
  containerd)
    kc_ctr() { ctr -a "$kc_socket" -n k8s.io "$@"; }
    kc_got=$(kc_ctr images ls "name==\"$kc_ref\"" </dev/null | awk -v n="$kc_ref" '$1==n {print $3}')
    kc_same() { [ "$kc_got" = "$kc_digest" ]; }
    # containerd itself lets an image go that a container was made of; docker and podman do not.
    [ -z "$kc_got" ] || ! kc_ctr containers ls 2>/dev/null </dev/null | awk -v n="$kc_ref" 'NR>1 && $2==n {f=1} END{exit !f}' || fail 29 "a container uses $kc_ref"
    kc_remove() { kc_ctr images rm "$kc_ref" >/dev/null </dev/null; } ;;
  docker)
    kc_got=$(docker image inspect -f '{{.Id}}' "$kc_ref" 2>/dev/null </dev/null)
    kc_same() { [ "$kc_got" = "$kc_config" ] || [ "$kc_got" = "$kc_digest" ]; }
    kc_remove() { docker image rm "$kc_ref" >/dev/null </dev/null; } ;;
  storage)
    kc_got=$(skopeo inspect --raw "containers-storage:$kc_ref" 2>/dev/null </dev/null; echo x)
    [ "$kc_got" = x ] && kc_got= || kc_got=sha256:$(printf %s "${kc_got%x}" | kc_hash | cut -c1-64)
    kc_same() { [ "$kc_got" = "$kc_digest" ]; }
    kc_remove() { if have podman; then podman rmi "$kc_ref" >/dev/null </dev/null; else skopeo delete "containers-storage:$kc_ref" </dev/null; fi; } ;;
  directory)
    kc_path=$(awk -F'\t' '$1=="A"{print $9}' "$kc_receipts/$kc_name.i")
    kc_got=$(kc_stat "$kc_path" 2>/dev/null)
    kc_same() { [ "$kc_got" = "$(sed -n "s/^A$kc_tab[^$kc_tab]*$kc_tab//p" "$kc_receipts/$kc_name.i")" ]; }
    kc_remove() { rm -f "$kc_path"; } ;;
esac
if [ -n "$kc_got" ]; then
  kc_same || fail 29 "$kc_ref is another image by now and stays"
  kc_remove || exit 21
fi
kc_forget "$kc_name.i"
