#!/usr/bin/env bash
# Installs packages on Debian, as root. The tests bring servers along (nginx, squid, mosquitto); they start
# those themselves, so none is to run as a service of this machine, now or after the next start.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

new_services=()
for service in nginx squid mosquitto; do
    if [[ " $* " == *" $service "* ]]; then
        new_services+=("$service")
    fi
done

export DEBIAN_FRONTEND=noninteractive
# A machine that has just started may be busy with its own updates: wait for them.
patient=(-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
apt-get "${patient[@]}" update
apt-get "${patient[@]}" install --yes --no-install-recommends "$@"

if ((${#new_services[@]})) && command -v systemctl >/dev/null; then
    systemctl disable --quiet "${new_services[@]}"
fi
