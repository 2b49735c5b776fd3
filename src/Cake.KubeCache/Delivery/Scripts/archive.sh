# kc_archive prints the image archive: members whose content is on this node already ("path, header, padding" lines in kc_spooled), then standard input.
kc_archive() {
  [ -z "$kc_spooled" ] || printf '%s\n' "$kc_spooled" | while IFS=$kc_tab read -r kc_f kc_h kc_p; do
    printf "$kc_h"; cat "$kc_f"; [ "$kc_p" = 0 ] || head -c "$kc_p" /dev/zero
  done
  cat
}
# kc_into COMMAND: with nothing to put in, the command reads standard input itself.
kc_into() { if [ -n "$kc_spooled" ]; then kc_archive | "$@"; else "$@"; fi; }
