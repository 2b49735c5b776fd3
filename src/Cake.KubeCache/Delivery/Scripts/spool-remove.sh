# What was downloaded is in its place.
eval "rm -f $kc_names"
