# skopeo reads no archive from a pipe, and podman keeps a copy of what it reads in /var/tmp: so the archive is laid out as an OCI
# layout in the release folder, which has room for it, and removed again.
have skopeo || have podman || fail 20 'neither skopeo nor podman is installed'
kc_digest_of() {
  if have skopeo; then kc_m=$(skopeo inspect --raw "containers-storage:$kc_ref" 2>/dev/null </dev/null; echo x); [ "$kc_m" != x ] && printf 'sha256:%s\n' "$(printf %s "${kc_m%x}" | kc_hash | cut -c1-64)"
  else podman image inspect -f '{{.Digest}}' "$kc_ref" 2>/dev/null </dev/null; fi
}
if have skopeo; then
  kc_d=$kc_release/.kubecache-import.$$
  for kc_f in "$kc_release"/.kubecache-import.*; do
    [ ! -d "$kc_f" ] || kill -0 "${kc_f##*.}" 2>/dev/null || rm -rf "$kc_f"
  done
  trap 'rm -rf "$kc_d"' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  mkdir -p "$kc_d" && kc_into tar -xf - -C "$kc_d" || exit 21
  # Registries are not asked and nothing is trusted by this policy: what is copied was verified before it was sent.
  printf '{"default":[{"type":"insecureAcceptAnything"}]}\n' > "$kc_d/policy.json" || exit 21
  skopeo --policy "$kc_d/policy.json" copy -q "oci:$kc_d" "containers-storage:$kc_ref" >/dev/null </dev/null || exit 21
else
  kc_into podman load -q >/dev/null || exit 21
fi
kc_got=$(kc_digest_of)
[ "$kc_got" = "$kc_digest" ] || fail 22 "after the import $kc_ref is ${kc_got:-not there}"
kc_record "$kc_name.i" "$kc_receipt"
