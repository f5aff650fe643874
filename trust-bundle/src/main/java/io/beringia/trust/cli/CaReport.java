package io.beringia.trust.cli;

import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.PemFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/** What a {@code ca} command did, file by file. Owned by the command that makes it. */
final class CaReport {
    private final List<Line> files = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** One file and what became of it: {@code written} or {@code reused}. */
    record Line(String path, String state) {}

    /** The report as JSON shows it. */
    record Whole(String id, String notAfter, List<Line> files, List<String> warnings) {}

    void written(NewFile file, String text) {
        file.write(text);
        files.add(new Line(file.path().toString(), "written"));
    }

    void reused(Path file) {
        files.add(new Line(file.toString(), "reused"));
    }

    /**
     * What can be made again from the other files is completed, not replaced; it may hold more, as a second root. Throws
     * {@link IllegalArgumentException} where something else stands there.
     */
    void keptOrWritten(NewFile file, List<X509Certificate> chain) {
        if (!Files.exists(file.path())) {
            written(file, Pem.write(chain));
        } else if (PemFile.certificates(file.path()).containsAll(chain)) {
            reused(file.path());
        } else {
            throw new IllegalArgumentException(
                    file.path()
                            + ": certificates of something else (expected: what the other files say; move it away to make it anew)");
        }
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    int print(CommandSpec spec, boolean json, String id, X509Certificate certificate) {
        String notAfter = certificate.getNotAfter().toInstant().toString();
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(JsonMapper.shared().writeValueAsString(new Whole(id, notAfter, files, warnings)));
        } else {
            files.forEach(line -> spec.commandLine().getOut().println(line.state() + " " + line.path()));
            spec.commandLine().getOut().println(id + ", valid until " + notAfter);
            warnings.forEach(line -> spec.commandLine().getErr().println("warning: " + line));
        }
        return 0;
    }
}
