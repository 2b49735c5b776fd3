# Makes this node a member of its neighbours for as long as standard input stays open: they may put contents into a folder, and it may pass on what
# it has. The input begins with a private key and a line "--"; the key stays in an agent's memory. Everything goes away when the input ends, also
# when the control machine was killed. Prints one line: "joined", the folder, the agent's socket (empty where there is no ssh).
kc_spool=$kc_receipts/spool
mkdir -p "$kc_receipts" 2>/dev/null
umask 077
mkdir -p "$kc_spool" 2>/dev/null
kc_receipts_ours || fail 21 "$kc_spool cannot be made, or is not ours"
find "$kc_spool" -type f -mtime +7 -exec rm -f {} + 2>/dev/null
kc_key=$(while IFS= read -r kc_l && [ "$kc_l" != -- ]; do printf '%s\n' "$kc_l"; done)
kc_home=$({ getent passwd "$kc_login" 2>/dev/null || grep "^$kc_login:" /etc/passwd; } | head -n 1 | cut -d: -f6)
[ -d "$kc_home" ] || fail 21 "$kc_login has no home"
kc_ssh=$kc_home/.ssh kc_auth=$kc_home/.ssh/authorized_keys kc_own= kc_in= kc_pid= kc_agent= kc_made=
[ ! -L "$kc_ssh" ] && [ ! -L "$kc_auth" ] || fail 21 "$kc_auth is a link"
kc_give() { [ "$(id -un)" = "$kc_login" ] || chown -R "$kc_login" "$@"; }
# kc_locked COMMAND: one at a time changes the file; a lock that stays for five seconds belongs to nobody any more.
kc_locked() {
  kc_n=0
  until mkdir "$kc_auth.kubecache" 2>/dev/null; do kc_n=$((kc_n + 1)); [ "$kc_n" -lt 50 ] || break; sleep 0.1; done
  "$@"; kc_rc=$?
  rmdir "$kc_auth.kubecache" 2>/dev/null
  return $kc_rc
}
# The lines without ours and without those of members that ended otherwise. Written beside the file and renamed: nobody may be locked out.
kc_rest() {
  while IFS= read -r kc_l || [ -n "$kc_l" ]; do
    case $kc_l in *' kubecache-neighbour-'*) [ "${kc_l##*-}" != "$$" ] && kill -0 "${kc_l##*-}" 2>/dev/null || continue ;; esac
    printf '%s\n' "$kc_l"
  done
}
kc_change() {
  cp -p "$kc_auth" "$kc_auth.$$" && { kc_rest < "$kc_auth"; [ -z "$1" ] || printf '%s\n' "$1"; } > "$kc_auth.$$" && mv -f "$kc_auth.$$" "$kc_auth" || { rm -f "$kc_auth.$$"; return 1; }
}
kc_leave() {
  [ -z "$kc_pid" ] || kill "$kc_pid" 2>/dev/null
  [ ! -f "$kc_auth" ] || kc_locked kc_change ''
  [ -z "$kc_made" ] || [ -s "$kc_auth" ] || rm -f "$kc_auth"
  [ "$kc_made" != folder ] || rmdir "$kc_ssh" 2>/dev/null
  [ -z "$kc_own" ] || rm -rf "$kc_own"
  [ -z "$kc_in" ] || rm -rf "$kc_in"
}
trap kc_leave EXIT
trap 'exit 1' HUP INT TERM PIPE
kc_own=$(mktemp -d "$kc_spool/.agent-XXXXXX") && kc_in=$(mktemp -d "$kc_release/.kubecache-in-XXXXXX") || exit 21
cat > "$kc_in/take" <<'TAKE'
umask 077
cd "${0%/*}" || exit 1
case $SSH_ORIGINAL_COMMAND in '' | *[!0-9a-f]*) exit 1 ;; esac
cat > "$SSH_ORIGINAL_COMMAND.part" && mv -f "$SSH_ORIGINAL_COMMAND.part" "$SSH_ORIGINAL_COMMAND"
TAKE
kc_give "$kc_in"
if have ssh && have ssh-agent && have ssh-add; then
  kc_pid=$(ssh-agent -s -a "$kc_own/a" 2>/dev/null </dev/null | sed -n 's/.*SSH_AGENT_PID=\([0-9]*\).*/\1/p')
  [ -z "$kc_pid" ] || ! printf '%s\n' "$kc_key" | SSH_AUTH_SOCK=$kc_own/a ssh-add -q -t 86400 - 2>/dev/null || kc_agent=$kc_own/a
fi
kc_key=
# The time in sshd's own zone, which is the system's.
kc_until=$(unset TZ; date -d "@$(($(date +%s) + 86400))" +%Y%m%d%H%M%S 2>/dev/null)
[ -d "$kc_ssh" ] || { mkdir "$kc_ssh" && kc_made=folder && kc_give "$kc_ssh"; } || exit 21
[ -f "$kc_auth" ] || { : > "$kc_auth" && kc_made=${kc_made:-file} && kc_give "$kc_auth"; } || exit 21
kc_locked kc_change "restrict,${kc_until:+expiry-time=\"$kc_until\",}command=\"/bin/sh '$kc_in/take'\" $kc_public kubecache-neighbour-$$" || fail 21 "$kc_auth cannot be written"
# The end of the output is held back until more comes, as it may be the frame's: the second line is nothing but more.
printf 'joined\t%s\t%s\n%80s\n' "$kc_in" "$kc_agent" .
cat >/dev/null
