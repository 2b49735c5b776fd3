kc_version() { { have crio && crio --version || have podman && podman --version || skopeo --version; } 2>/dev/null </dev/null | awk 'NR==1{printf "runtime\t%s\n", $NF} END{if(!NR) print "runtime\t"}'; }
kc_store() {
  kc_g=$(sed -n 's/^[[:space:]]*graphroot[[:space:]]*=[[:space:]]*"\([^"]*\)".*/\1/p' /etc/containers/storage.conf 2>/dev/null | head -n 1)
  kc_g=${kc_g:-/var/lib/containers/storage}
  [ -f "$kc_g/overlay-images/images.json" ] && printf 'storage-images\t%s\n' "$(tr -d '\n' < "$kc_g/overlay-images/images.json")"
  [ -f "$kc_g/overlay-layers/layers.json" ] && grep -o '"\(id\|compressed-diff-digest\|incomplete\)":"\{0,1\}[^",}]*' "$kc_g/overlay-layers/layers.json" | sed "s/^\"\([^\"]*\)\":\"\{0,1\}/storage-layer$kc_tab\1$kc_tab/"
}
kc_probe_runtime() { if have skopeo || have podman || have crio; then kc_beside kc_store kc_version; fi; }
