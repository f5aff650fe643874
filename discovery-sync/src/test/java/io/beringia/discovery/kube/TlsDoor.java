package io.beringia.discovery.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS in front of a plain server, with a certificate that the test changes. Any thread. */
final class TlsDoor implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path directory;
    private final URI behind;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile SSLContext context;

    /** With a certificate that is valid now. */
    TlsDoor(Path directory, URI behind) throws Exception {
        this.directory = directory;
        this.behind = behind;
        keytool("ca", "-genkeypair", "-keyalg", "EC", "-dname", "CN=ca", "-ext", "bc:c", "-validity", "400");
        keytool(
                "ca",
                "-exportcert",
                "-rfc",
                "-file",
                directory.resolve("ca.pem").toString());
        this.context = issue("valid", "-1d", "30");
        Thread.ofVirtual().name("door").start(this::accept);
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + listener.getLocalPort());
    }

    /** As a kubeconfig names it. */
    String authority() throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve("ca.pem")));
    }

    /** From here on connections are shown a certificate that was good until yesterday; those that are open end. */
    void expire() throws Exception {
        context = issue("expired", "-10d", "9");
        cut();
    }

    /** From here on it is a good one again; open connections stay. */
    void renew() throws Exception {
        context = issue("renewed", "-1d", "30");
    }

    private void cut() {
        open.forEach(TlsDoor::shut);
    }

    private SSLContext issue(String name, String start, String days) throws Exception {
        String request = directory.resolve(name + ".csr").toString();
        String certificate = directory.resolve(name + ".pem").toString();
        keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name);
        keytool(name, "-certreq", "-file", request);
        keytool(
                "ca",
                "-gencert",
                "-infile",
                request,
                "-outfile",
                certificate,
                "-ext",
                "san=ip:127.0.0.1",
                "-startdate",
                start,
                "-validity",
                days);
        keytool(name, "-importcert", "-noprompt", "-file", certificate);
        KeyStore all = KeyStore.getInstance(directory.resolve("keys.p12").toFile(), PASSWORD);
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setEntry(
                name,
                all.getEntry(name, new KeyStore.PasswordProtection(PASSWORD)),
                new KeyStore.PasswordProtection(PASSWORD));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(one, PASSWORD);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(keys.getKeyManagers(), null, null);
        return made;
    }

    private void keytool(String alias, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                arguments[0],
                "-alias",
                alias,
                "-keystore",
                directory.resolve("keys.p12").toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    arguments[0] + " of " + alias + ": " + Files.readString(directory.resolve("keytool.log")));
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().name("door/connection").start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket tls = context.getSocketFactory().createSocket(client, InputStream.nullInputStream(), true);
                Socket server = new Socket(behind.getHost(), behind.getPort())) {
            Thread back = Thread.ofVirtual().name("door/back").start(() -> copy(server, tls));
            copy(tls, server);
            back.join();
        } catch (IOException refused) {
            // by the client, who did not like our certificate
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException ended) {
            // one end is gone, so is the other
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // it is
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
