#!/usr/bin/env bash
# Runs a command as on a new account: none of the person's settings, session or display is seen
# or touched. With --window first, the command gets a display and a session bus of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

home=$(mktemp -d /tmp/spacebeam.XXXXXX) # short: sockets below it have 107 characters
# Desktop services mount file systems below XDG_RUNTIME_DIR; what is in those is not ours.
trap 'rm -rf --one-file-system "$home" || true' EXIT
mkdir -m 700 "$home"/{cache,config,data,run,state}

unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS
unset GDK_BACKEND GTK_A11Y NO_AT_BRIDGE GTK_THEME ADW_DEBUG_COLOR_SCHEME ADW_DEBUG_HIGH_CONTRAST
export HOME="$home"
export XDG_CACHE_HOME="$home/cache"
export XDG_CONFIG_HOME="$home/config"
export XDG_DATA_HOME="$home/data"
export XDG_RUNTIME_DIR="$home/run"
export XDG_STATE_HOME="$home/state"

# The chat room of this computer may be in use.
export SPACEBEAM_CHAT_PORT=$((20000 + RANDOM % 10000))

export LC_ALL=C.UTF-8 TERM=xterm-256color
export GSETTINGS_BACKEND=memory
export GIO_USE_VFS=local
export ADW_DISABLE_PORTAL=1
export NODE_PATH="$PWD/build/peers/node_modules"
# Debian keeps nginx and squid where only root looks.
export PATH="$PATH:/usr/sbin"

if [[ ${1:-} == --window ]]; then
    export GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_IM_MODULE=gtk-im-context-simple
    # What the bus and its services say is not the command's: it would end up among the results.
    # shellcheck disable=SC2016  # the inner shell expands it
    set -- dbus-run-session -- bash -c 'exec "$@" >&3 2>&4 3>&- 4>&-' _ \
        xvfb-run -a -s "-screen 0 1280x1024x24" "${@:2}"
    exec 3>&1 4>&2 >/dev/null 2>&1
fi
# Not exec: the trap above has to run afterwards.
"$@"
