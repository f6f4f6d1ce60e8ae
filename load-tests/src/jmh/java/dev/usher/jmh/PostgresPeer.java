package dev.usher.jmh;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The other end of a connection to Postgres, which answers the journal's statement as if every
 * event of the batch were new, and does nothing: what is left is what the gateway itself spends on
 * a batch. It speaks as much of the protocol (the manual's "Frontend/Backend Protocol", version 3)
 * as that takes, reads into memory that it keeps, and makes no garbage in between.
 */
final class PostgresPeer implements AutoCloseable {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int UUID_TYPE = 2_950;
  private static final int UUID_BYTES = 16;
  // Number of dimensions, whether there are nulls, the type, and of the one dimension its length
  // and
  // lower bound; then each element with its length before it.
  private static final int ARRAY_HEAD_BYTES = 5 * Integer.BYTES;
  // Which parameter of the statement holds the events' ids, counted from 0.
  private static final int IDS = 2;
  private static final Pattern CAST = Pattern.compile("\\$(\\d+)::(\\w+(?:\\[])?)");
  private static final Map<String, Integer> TYPES =
      Map.of(
          "uuid[]",
          2_951,
          "bytea[]",
          1_001,
          "text[]",
          1_009,
          "int[]",
          1_007,
          "bigint[]",
          1_016,
          "int",
          23,
          "bigint",
          20,
          "text",
          25,
          "uuid",
          UUID_TYPE,
          "smallint[]",
          1_005);

  private final ServerSocket server;
  private final Map<String, String> statements = new HashMap<>();
  private byte[] message = new byte[1 << 16];
  private ByteBuffer answer = ByteBuffer.allocate(1 << 16);

  /** Serves one connection on a free port of the loopback address, on a thread of its own. */
  PostgresPeer() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("postgres-peer").start(this::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve() {
    try (Socket socket = server.accept()) {
      socket.setTcpNoDelay(true);
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      start(in, socket);
      while (true) {
        char type = (char) in.readUnsignedByte();
        int length = read(in);
        take(type, length);
        if (in.available() == 0) {
          flush(socket);
        }
      }
    } catch (EOFException closed) {
      // The gateway's side has ended.
    } catch (IOException broken) {
      if (!server.isClosed()) {
        System.err.println("postgres-peer: " + broken);
      }
    }
  }

  private void start(DataInputStream in, Socket socket) throws IOException {
    read(in);
    if (ByteBuffer.wrap(message).getInt() == SSL_REQUEST) {
      socket.getOutputStream().write('N');
      read(in);
    }
    begin('R').putInt(0); // authentication is not wanted
    end();
    parameter("server_version", "18.1");
    parameter("client_encoding", "UTF8");
    begin('K').putInt(1).putInt(1);
    end();
    ready();
    flush(socket);
  }

  private int read(DataInputStream in) throws IOException {
    int length = in.readInt() - Integer.BYTES;
    if (length > message.length) {
      message = new byte[length];
    }
    in.readFully(message, 0, length);
    return length;
  }

  private void take(char type, int length) {
    ByteBuffer body = ByteBuffer.wrap(message, 0, length);
    switch (type) {
      case 'P' -> {
        statements.put(text(body), text(body));
        begin('1');
        end();
      }
      case 'D' -> {
        body.get();
        describe(statements.getOrDefault(text(body), ""));
      }
      case 'B' -> {
        begin('2');
        end();
        rows(body);
      }
      case 'S' -> ready();
      case 'C' -> {
        begin('3');
        end();
      }
      default -> {
        // Execute: its rows were answered with the parameters, which are in memory now.
      }
    }
  }

  private void describe(String statement) {
    Map<Integer, Integer> types = new HashMap<>();
    Matcher cast = CAST.matcher(statement);
    while (cast.find()) {
      types.put(Integer.valueOf(cast.group(1)), TYPES.getOrDefault(cast.group(2), 0));
    }
    ByteBuffer parameters = begin('t').putShort((short) types.size());
    for (int i = 1; i <= types.size(); i++) {
      parameters.putInt(types.getOrDefault(i, 0));
    }
    end();
    ByteBuffer columns = begin('T').putShort((short) 2);
    for (String name : new String[] {"event_id", "endpoint_id"}) {
      columns.put(bytes(name)).put((byte) 0).putInt(0).putShort((short) 0).putInt(UUID_TYPE);
      columns.putShort((short) UUID_BYTES).putInt(-1).putShort((short) 0);
    }
    end();
  }

  /** For each event its id, and no endpoint: accepted, and nothing to deliver. */
  private void rows(ByteBuffer bind) {
    text(bind);
    text(bind);
    bind.position(bind.position() + Short.BYTES + bind.getShort(bind.position()) * Short.BYTES);
    bind.getShort();
    for (int i = 0; i < IDS; i++) {
      int length = bind.getInt();
      bind.position(bind.position() + Math.max(0, length));
    }
    bind.getInt();
    int events = bind.getInt(bind.position() + 3 * Integer.BYTES);
    int at = bind.position() + ARRAY_HEAD_BYTES;
    for (int i = 0; i < events; i++, at += Integer.BYTES + UUID_BYTES) {
      begin('D').putShort((short) 2).putInt(UUID_BYTES);
      answer.put(message, at + Integer.BYTES, UUID_BYTES).putInt(-1);
      end();
    }
    begin('C').put(bytes("SELECT 1")).put((byte) 0);
    end();
  }

  private void parameter(String name, String value) {
    begin('S').put(bytes(name)).put((byte) 0).put(bytes(value)).put((byte) 0);
    end();
  }

  private void ready() {
    begin('Z').put((byte) 'I');
    end();
  }

  private int begun;

  private ByteBuffer begin(char type) {
    if (answer.remaining() < 1_024) {
      answer = ByteBuffer.allocate(answer.capacity() * 2).put(answer.flip());
    }
    answer.put((byte) type);
    begun = answer.position();
    return answer.putInt(0);
  }

  private void end() {
    answer.putInt(begun, answer.position() - begun);
  }

  private void flush(Socket socket) throws IOException {
    socket.getOutputStream().write(answer.array(), 0, answer.position());
    answer.clear();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteBuffer from) {
    int begin = from.position();
    while (from.get() != 0) {
      // on to the end of the text
    }
    byte[] text = new byte[from.position() - 1 - begin];
    from.get(begin, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
