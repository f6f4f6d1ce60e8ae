package dev.usher.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection so that its last answer can be read, also by a client that is still writing its
 * request. A socket that is closed with bytes unread, or that gets some after it, answers with a
 * reset (RFC 1122, section 4.2.2.13), and that makes the client forget the answer that it has not
 * read yet (RFC 9112, section 9.6). So our side is shut first, what the client still writes is
 * thrown away, and the connection is closed when the client has closed its side: at the latest
 * after {@link #LONGEST_MILLIS} or {@link #MOST_BYTES}.
 *
 * <p>Stands next to the socket, before TLS, and holds back every closing of the connection, whoever
 * asks for it. Lives on the connection's event loop.
 */
public final class LingeringClose extends ChannelDuplexHandler {
  /** Enough for who reads at all; a stranger keeps a connection no longer than this. */
  static final long LONGEST_MILLIS = 5_000;

  /** As long as the longest body that can be allowed. */
  static final long MOST_BYTES = 16L * 1024 * 1024;

  private final DuplexChannel channel;
  private @Nullable Future<?> timeout; // set while it lingers
  private long thrownAway;

  private LingeringClose(DuplexChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the end of this request's connection a lingering one. To be called on its event loop,
   * before the answer is written after which it is closed. Does nothing to HTTP/2, where an answer
   * ends a stream and not the connection.
   */
  public static void after(HttpServerRequest request) {
    // The channel is to be had from Vert.x' own type only: HttpConnection can close, and no more.
    if (request.version() != HttpVersion.HTTP_2
        && request.connection() instanceof ConnectionBase connection
        && connection.channel() instanceof DuplexChannel channel
        && channel.pipeline().get(LingeringClose.class) == null) {
      channel.pipeline().addFirst(new LingeringClose(channel));
    }
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (timeout == null && (!channel.isActive() || channel.isInputShutdown())) {
      context.close(promise);
      return;
    }
    channel.closeFuture().addListener(_ -> promise.trySuccess());
    if (timeout == null) {
      linger(context);
    }
  }

  /**
   * What was written may not be sent yet where the request broke off: no close may take it away.
   */
  private void linger(ChannelHandlerContext context) {
    context.flush();
    timeout =
        context.executor().schedule(() -> context.close(), LONGEST_MILLIS, TimeUnit.MILLISECONDS);
    channel
        .shutdownOutput()
        .addListener(
            shut -> {
              if (!shut.isSuccess()) {
                context.close(); // the client is gone already
              }
            });
    channel.config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (timeout == null) {
      context.fireChannelRead(message);
      return;
    }
    thrownAway += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    ReferenceCountUtil.release(message);
    if (thrownAway > MOST_BYTES) {
      context.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (timeout == null) {
      context.fireChannelReadComplete();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (timeout == null) {
      context.fireExceptionCaught(cause);
    } else {
      context.close(); // a reset: nobody reads any more
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (timeout != null) {
      timeout.cancel(false);
    }
    context.fireChannelInactive();
  }
}
