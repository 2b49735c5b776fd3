# One HTTP request that this node makes. Standard input is the request as curl reads it (-K), a line "--", and the same as wget reads it
# (a wgetrc), so that no credential is on a command line. The answer goes to standard output as it comes: header lines, an empty line, the
# body. With kc_save the body of a success stays in the spool under that name, going on with what an earlier attempt left there, and one
# line takes its place: the expected digest's value, SHA-256, size, and how many bytes were there before.
kc_nl='
'
kc_in=$(cat)
kc_curl=${kc_in%%"$kc_nl--$kc_nl"*} kc_wget=${kc_in#*"$kc_nl--$kc_nl"} kc_in=
if have curl; then kc_tool=curl
elif have wget && wget --version 2>/dev/null </dev/null | grep -q '^GNU Wget'; then kc_tool=wget
else fail 20 'neither curl nor GNU wget is installed'; fi
kc_spool=$kc_receipts/spool
mkdir -p "$kc_receipts" 2>/dev/null
umask 077
mkdir -p "$kc_spool" 2>/dev/null
kc_receipts_ours || fail 21 "$kc_spool cannot be made, or is not ours"
kc_t=$kc_spool/.$$
kc_part= kc_have=0
kc_status() { awk '/^ *HTTP\//{s=$2} END{print s}' "$kc_t.h" 2>/dev/null; }
kc_field() { awk -v f="$1:" 'tolower($1)==f {sub(/^[^:]*: */,""); sub(/\r$/,""); v=$0} END{print v}' "$kc_t.h"; }
# What came so far is kept for the next attempt, also when the connection to this node breaks.
kc_fold() {
  [ -n "$kc_part" ] && [ -f "$kc_t.b" ] || return 0
  case $(kc_status) in
    200) mv -f "$kc_t.b" "$kc_part" ;;
    206) case $(kc_field content-range) in "bytes $kc_have-"*) cat "$kc_t.b" >> "$kc_part" ;; *) rm -f "$kc_part" ;; esac ;;
  esac
  rm -f "$kc_t.b"
}
trap 'kc_fold; rm -f "$kc_t".*; [ -z "$kc_lock" ] || rm -f "$kc_lock"' EXIT
trap 'exit 1' HUP INT TERM PIPE
kc_lock=
if [ -n "$kc_ca$kc_cafile" ]; then
  for kc_f in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
    [ -r "$kc_f" ] && { cat "$kc_f"; break; }
  done > "$kc_t.ca"
  { [ -z "$kc_cafile" ] || cat "$kc_cafile"; printf '%s\n' "$kc_ca"; } >> "$kc_t.ca" || exit 21
  kc_curl="$kc_curl${kc_nl}cacert = \"$kc_t.ca\"" kc_wget="$kc_wget${kc_nl}ca_certificate = $kc_t.ca"
fi
kc_digest_of() { if [ "$kc_alg" = sha512 ]; then { openssl dgst -sha512 -r "$1" 2>/dev/null || sha512sum "$1" || shasum -a 512 "$1"; } </dev/null | sed 's/^\\//' | cut -d' ' -f1; else kc_hash_of "$1"; fi; }
if [ -n "$kc_save" ]; then
  kc_to=$kc_spool/$kc_save
  if [ -n "$kc_expected" ] && [ -f "$kc_to" ] && [ "$(kc_digest_of "$kc_to")" = "$kc_expected" ]; then
    kc_size=$(wc -c < "$kc_to" | tr -d ' ')
    printf 'HTTP/1.1 200 OK\r\n\r\n%s %s %s %s\n' "$kc_expected" "$(kc_hash_of "$kc_to")" "$kc_size" "$kc_size"
    exit 0
  fi
  find "$kc_spool" -type f -mtime +7 -exec rm -f {} + 2>/dev/null
  kc_part=$kc_to.part
  # One at a time goes on with what is there; another that wants the same at the same time has its own.
  if (set -C; echo $$ > "$kc_to.lock") 2>/dev/null; then kc_lock=$kc_to.lock
  elif kill -0 "$(cat "$kc_to.lock" 2>/dev/null)" 2>/dev/null; then kc_part=$kc_t.part
  else echo $$ > "$kc_to.lock"; kc_lock=$kc_to.lock; fi
  # Only what is known by its digest can be put together from two answers.
  [ -n "$kc_expected" ] || rm -f "$kc_part"
  [ ! -f "$kc_part" ] || kc_have=$(wc -c < "$kc_part" | tr -d ' ')
  [ "$kc_have" = 0 ] || { kc_curl="$kc_curl${kc_nl}header = \"Range: bytes=$kc_have-\"" kc_wget="$kc_wget${kc_nl}start_pos = $kc_have"; }
fi
if [ "$kc_tool" = curl ]; then
  if [ -z "$kc_save" ]; then
    kc_tell() { printf '%s\n' "$kc_curl" | curl -q -sS -i -K -; }
    kc_tell || exit 40
    exit 0
  fi
  printf '%s\n' "$kc_curl" | curl -q -sS -D "$kc_t.h" -o "$kc_t.b" -K - || exit 40
else
  printf '%s\n' "${kc_wget%%"$kc_nl"*}" > "$kc_t.u" && printf '%s\n' "${kc_wget#*"$kc_nl"}" > "$kc_t.rc" || exit 21
  wget --config="$kc_t.rc" -nv -S -O "$kc_t.b" -i "$kc_t.u" 2> "$kc_t.h" </dev/null
  kc_rc=$?
  # 6 and 8: an answer that is no success; that is for the caller to judge.
  case $kc_rc in 0 | 6 | 8) [ -n "$(kc_status)" ] ;; *) false ;; esac || fail 40 "wget: ($kc_rc) $(grep -v '^ ' "$kc_t.h" | tail -n 1)"
  sed -n 's/^  //p' "$kc_t.h" > "$kc_t.hh" && mv -f "$kc_t.hh" "$kc_t.h"
fi
kc_heads() { awk '/^ *HTTP\//{b=""} /^ *HTTP\/|^ *[A-Za-z0-9-]+:/{sub(/^ +/,""); sub(/\r$/,""); b=b $0 "\r\n"} END{printf "%s\r\n", b}' "$kc_t.h"; }
case $kc_save:$(kc_status) in
  :* | *:[!2]* | *:20[1-5])
    kc_heads
    [ ! -f "$kc_t.b" ] || cat "$kc_t.b"
    [ "$(kc_status)" != 416 ] || rm -f "$kc_part"
    rm -f "$kc_t.b"
    exit 0 ;;
esac
kc_fold
[ -f "$kc_part" ] || fail 40 'the server went on from another place than it was asked to'
kc_size=$(wc -c < "$kc_part" | tr -d ' ')
kc_256=$(kc_hash_of "$kc_part")
[ "$kc_alg" = sha512 ] && kc_got=$(kc_digest_of "$kc_part") || kc_got=$kc_256
if [ -n "$kc_expected" ] && [ "$kc_got" != "$kc_expected" ]; then rm -f "$kc_part"; else mv -f "$kc_part" "$kc_to" || exit 21; fi
kc_heads
printf '%s %s %s %s\n' "$kc_got" "$kc_256" "$kc_size" "$kc_have"
