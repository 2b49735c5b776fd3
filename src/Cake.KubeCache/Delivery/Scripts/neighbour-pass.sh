# Sends a content of the spool (kc_from) to a neighbour, whose host key (kc_hostkey) the control machine has checked.
[ -n "$kc_agent" ] || fail 20 'ssh, ssh-agent and ssh-add are not installed'
umask 077
kc_k=$(mktemp "$kc_receipts/spool/.known-XXXXXX") || exit 21
trap 'rm -f "$kc_k"' EXIT
trap 'exit 1' HUP INT TERM PIPE
printf 'neighbour %s\n' "$kc_hostkey" > "$kc_k" || exit 21
SSH_AUTH_SOCK=$kc_agent ssh -F /dev/null -T -p "$kc_port" -l "$kc_login" -o BatchMode=yes -o PreferredAuthentications=publickey -o IdentityFile=/dev/null \
  -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$kc_k" -o GlobalKnownHostsFile=/dev/null -o HostKeyAlias=neighbour -o CheckHostIP=no -o UpdateHostKeys=no \
  -o ConnectTimeout=10 -o ServerAliveInterval=15 -o Compression=no -o LogLevel=ERROR \
  -c aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr -- "$kc_host" "$kc_hex" < "$kc_from" || exit 41
