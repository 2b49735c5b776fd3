# What every script on a node starts with. POSIX sh; nothing but the base tools of any distribution (GNU, busybox, BSD).
# A field separator is one tab; paths hold neither tabs nor line ends (the caller sees to that).
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C TZ=UTC
export PATH LC_ALL TZ
umask 022
kc_tab=$(printf '\t')
have() { command -v "$1" >/dev/null 2>&1; }
fail() { kc_code=$1; shift; printf '%s\n' "$*" >&2; exit "$kc_code"; }
# kc_beside A B: runs two functions at the same time and prints what they print, B's first. A pipe needs no file to keep it in.
kc_beside() { $1 | { kc_o=$($2 </dev/null); [ -z "$kc_o" ] || printf '%s\n' "$kc_o"; cat; }; }
# openssl uses the processor's SHA instructions; Debian 12's sha256sum does not and takes four times as long.
if have openssl; then kc_hash() { openssl dgst -sha256 -r "$@"; }
elif have sha256sum; then kc_hash() { sha256sum "$@"; }
else kc_hash() { shasum -a 256 "$@"; }
fi
kc_hash_of() { kc_hash "$1" 2>/dev/null </dev/null | sed 's/^\\//' | cut -c1-64; }
kc_hash_range() { tail -c "+$(($2 + 1))" "$1" | head -c "$3" | kc_hash | cut -c1-64; }
# size, mtime, ctime, inode, owner, mode, path (all: after a given beginning of the line): what a receipt is compared by. Nanoseconds, so that a quick change is seen.
kc_stat_option=-f kc_stat_fields="%z$kc_tab%Fm$kc_tab%Fc$kc_tab%i$kc_tab%Su$kc_tab%Lp$kc_tab%N"
stat -c %s / >/dev/null 2>&1 && kc_stat_option=-c kc_stat_fields="%s$kc_tab%y$kc_tab%z$kc_tab%i$kc_tab%U$kc_tab%a$kc_tab%n"
kc_stat() { stat -L "$kc_stat_option" "$kc_stat_fields" "$@"; }
kc_stat_all() { xargs -0 stat -L "$kc_stat_option" "$1$kc_stat_fields" 2>/dev/null; }
# Receipts count only in a folder of our own: the release folder may lie in /tmp, where anybody could forge them.
kc_receipts=$kc_release/.kubecache
kc_receipts_ours() { [ -d "$kc_receipts" ] && [ ! -L "$kc_receipts" ] && [ -O "$kc_receipts" ]; }
# kc_record NAME TEXT: writes one receipt, whole or not at all. What cannot be recorded is only looked at again next time.
kc_record() {
  { [ -d "$kc_receipts" ] || [ -L "$kc_receipts" ] || mkdir -p "$kc_receipts"; } 2>/dev/null && kc_receipts_ours || return 0
  { printf '%s\n' "$2" > "$kc_receipts/.$1.$$" && mv -f "$kc_receipts/.$1.$$" "$kc_receipts/$1"; } 2>/dev/null || rm -f "$kc_receipts/.$1.$$"
  return 0
}
kc_forget() { kc_receipts_ours && rm -f "$kc_receipts/$1"; return 0; }
