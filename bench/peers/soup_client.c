/* libsoup in C, counting a flood: `soup_client URL COUNT DEFLATE`.
 * The last line on standard error tells the times from the first message to the last. */
#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static GMainLoop *loop;
static SoupWebsocketConnection *socket;
static gint64 wanted, received, start;
static clock_t used;

static void
on_message (SoupWebsocketConnection *connection, gint type, GBytes *message, gpointer data)
{
  received++;
  if (received == 1) {
    start = g_get_monotonic_time ();
    used = clock ();
  }
  if (received == wanted) {
    fprintf (stderr, "{\"seconds\": %.9f, \"processor\": %.9f}\n",
             (g_get_monotonic_time () - start) / 1e6, (double) (clock () - used) / CLOCKS_PER_SEC);
    g_main_loop_quit (loop);
  }
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer data)
{
  g_main_loop_quit (loop);
}

static void
on_connected (GObject *session, GAsyncResult *result, gpointer data)
{
  GError *error = NULL;
  socket = soup_session_websocket_connect_finish (SOUP_SESSION (session), result, &error);
  if (socket == NULL) {
    fprintf (stderr, "%s\n", error->message);
    exit (1);
  }
  soup_websocket_connection_set_max_incoming_payload_size (socket, 64 * 1024 * 1024);
  g_signal_connect (socket, "message", G_CALLBACK (on_message), NULL);
  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), NULL);
}

int
main (int argc, char **argv)
{
  SoupSession *session = soup_session_new ();
  SoupMessage *message = soup_message_new ("GET", argv[1]);
  wanted = atoll (argv[2]);
  if (atoi (argv[3]))
    soup_session_add_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  loop = g_main_loop_new (NULL, FALSE);
  soup_session_websocket_connect_async (session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                        on_connected, NULL);
  g_main_loop_run (loop);
  return received == wanted ? 0 : 1;
}
