have docker || fail 20 'docker is not installed'
kc_into docker load -q >/dev/null || exit 21
kc_id=$(docker image inspect -f '{{.Id}}' "$kc_ref" 2>/dev/null </dev/null)
case $kc_id in
  "$kc_config" | "$kc_digest") ;;
  *) fail 22 "after the import $kc_ref is ${kc_id:-not there}" ;;
esac
kc_record "$kc_name.i" "$kc_receipt"
