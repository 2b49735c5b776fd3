have docker || fail 20 'docker is not installed'
kc_into docker load -q >/dev/null || exit 21
kc_id=$(docker image inspect -f '{{.Id}}' "$kc_ref" 2>/dev/null </dev/null)
case $kc_id in
  "$kc_config" | "$kc_digest") ;;
  *) fail 22 "after the import $kc_ref is ${kc_id:-not there}" ;;
esac
# The containerd store names an image by its manifest, and takes one whose blobs went meanwhile without a word.
if [ "$kc_id" = "$kc_digest" ] && [ "$kc_digest" != "$kc_config" ]; then
  kc_whole=$(kc_moby images check "name==\"$kc_ref\"" | awk -v n="$kc_ref" '$1==n {print $4}')
  case $kc_whole in
    '' | complete) ;;
    *)
      docker image rm "$kc_ref" >/dev/null 2>&1 </dev/null
      fail 22 "after the import $kc_ref is not there whole" ;;
  esac
fi
kc_record "$kc_name.i" "$kc_receipt"
