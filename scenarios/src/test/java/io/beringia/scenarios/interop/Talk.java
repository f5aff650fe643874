package io.beringia.scenarios.interop;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * One end of a connection, which plays a script of steps and prints what it hears: {@code say=WORD} and {@code line} are one
 * line out and in, {@code send=BYTES}, {@code take=BYTES} and {@code rest} many bytes out, so many in and all in, {@code
 * tell} says what was heard last, {@code echo} answers lines until there are no more, {@code end} closes for writing, {@code abort} resets, and {@code
 * wait=GATE} and {@code open=GATE} are the {@link Gates}'. Owned by its thread.
 */
final class Talk {
    private static final int CHUNK_BYTES = 64 * 1_024;

    private final String name;
    private final Socket socket;
    private final Gates gates;
    private final InputStream in;
    private final OutputStream out;
    private String heard = "";

    Talk(String name, Socket socket, Gates gates) throws IOException {
        this.name = name;
        this.socket = socket;
        this.gates = gates;
        this.in = new BufferedInputStream(socket.getInputStream(), CHUNK_BYTES);
        this.out = new BufferedOutputStream(socket.getOutputStream(), CHUNK_BYTES);
    }

    /** Plays what the other end asks for in its first line. */
    void obey() throws IOException, InterruptedException {
        play(line());
    }

    /** Asks the other end to play that, and plays this. */
    void lead(String theirs, String ours) throws IOException, InterruptedException {
        say(theirs);
        play(ours);
    }

    private void play(String script) throws IOException, InterruptedException {
        for (String step : script.split(" ", -1)) {
            String word = step.replaceFirst("=.*", "");
            play(word, step.substring(word.length()).replaceFirst("=", ""));
        }
    }

    private void play(String word, String value) throws IOException, InterruptedException {
        switch (word) {
            case "say" -> say(value);
            case "line" -> hears("line " + line());
            case "send" -> hears("sent " + send(Long.parseLong(value)));
            case "take" -> hears("took " + in(Long.parseLong(value)));
            case "rest" -> hears("rest " + in(Long.MAX_VALUE));
            case "tell" -> say(heard);
            case "echo" -> hears("echoed " + echo());
            case "end" -> socket.shutdownOutput();
            case "abort" -> abort();
            case "wait" -> gates.pass(value);
            case "open" -> gates.open(value);
            default -> throw new IllegalArgumentException("step: " + word + " (expected: one of the class comment's)");
        }
    }

    private void hears(String what) {
        heard = what;
        System.out.println(name + " " + what);
    }

    private void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private void say(String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Empty at the end. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private int echo() throws IOException {
        int lines = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            say(line);
            lines++;
        }
        return lines;
    }

    /** Bytes and their sum, as {@link #in} has them at the other end. */
    private String send(long bytes) throws IOException {
        CRC32 sum = new CRC32();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long at = 0; at < bytes; at += chunk.length) {
            chunk[0] = (byte) (at / chunk.length); // no two neighbours alike
            int length = (int) Math.min(chunk.length, bytes - at);
            out.write(chunk, 0, length);
            sum.update(chunk, 0, length);
        }
        out.flush();
        return bytes + " " + sum.getValue();
    }

    private String in(long most) throws IOException {
        CRC32 sum = new CRC32();
        byte[] chunk = new byte[CHUNK_BYTES];
        long bytes = 0;
        while (bytes < most) {
            int read = in.read(chunk, 0, (int) Math.min(chunk.length, most - bytes));
            if (read < 0) {
                break;
            }
            sum.update(chunk, 0, read);
            bytes += read;
        }
        return bytes + " " + sum.getValue();
    }
}
