package io.beringia.failover.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.failover.LabIdentities;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. Screenshots are left in {@code target/console}. */
@Tag("browser")
final class ConsoleBrowserTest {
    private static final String LEVEL = "document.body.dataset.level";
    private static final Path SHOTS = Path.of("target/console");

    @TempDir
    private Path folder;

    private final AtomicReference<ConsoleView> shown = new AtomicReference<>(Scenes.calm());
    private ConsoleServer console;
    private Chromium browser;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> program = Chromium.program();
        if (program.isEmpty()) {
            String missing = "chromium is not on PATH (expected: Debian's package chromium)";
            System.err.println("browser: SKIPPED, " + missing);
            assertThat(System.getenv("REQUIRE_BROWSER")).as(missing).isNotEqualTo("1");
        }
        assumeTrue(program.isPresent(), "no chromium");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        HttpTls tls = new HttpTls(
                LabIdentities.in(folder.resolve("ca")).credentials("failover"),
                new SpiffeVerifier(),
                InstantSource.system());
        console = ConsoleServer.start(
                new ConsoleConfig(SocketAddress.parse("127.0.0.1:" + port), Set.of(), Optional.empty()),
                tls,
                shown::get,
                new ConsoleServer.Listener() {
                    @Override
                    public void onAnswered(int status, String caller) {}

                    @Override
                    public void onDropped() {}
                });
        browser = Chromium.start(program.get(), folder.resolve("profile"));
        browser.listen();
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (console != null) {
            console.close();
        }
    }

    @Test
    void who_looks_sees_which_region_is_in_trouble_where_its_traffic_goes_and_why_without_a_reload() throws Exception {
        browser.look(1280, 900, "light");
        browser.open("http://127.0.0.1:" + console.address().getPort() + "/");
        browser.awaitValue(LEVEL, "WELL");
        browser.screenshot(SHOTS.resolve("calm-light.png"));

        shown.set(Scenes.lost());
        browser.awaitValue(LEVEL, "TROUBLE");
        assertThat(text("#outlook .first .says")).contains("us-east is evacuated; its clients go to us-west (100 %)");
        assertThat(text("#outlook .first .why")).contains("down for us-west, witness");
        assertThat(text("#decisions")).contains("EVACUATING → EVACUATED", "empty or at its deadline");
        assertThat(text("#drill")).contains("black-hole");
        assertThat(text("#said")).as("for those who listen").contains("us-east is evacuated");
        assertThat(browser.value("document.title")).startsWith("▲ us-east is evacuated");
        assertThat(browser.complaints()).as("of the page").isEmpty();
        shoot("lost");

        shown.set(Scenes.returning());
        browser.awaitValue(LEVEL, "WATCH");
        shoot("returning");
    }

    @Test
    void nothing_that_others_may_name_becomes_markup() throws Exception {
        shown.set(Scenes.hostile());
        browser.look(1280, 900, "dark");
        browser.open("http://127.0.0.1:" + console.address().getPort() + "/");
        browser.awaitValue(LEVEL, "TROUBLE");
        assertThat(text("main")).contains(Scenes.HOSTILE, "<script>document.title='owned'<|script>");
        assertThat(browser.value("document.querySelectorAll('main img, main script').length"))
                .isEqualTo("0");
        assertThat(browser.value("document.title")).isNotEqualTo("owned");
        assertThat(browser.complaints()).as("of the page").isEmpty();
    }

    @Test
    void a_keyboard_and_a_narrow_screen_are_enough() throws Exception {
        shown.set(Scenes.lost());
        browser.look(360, 740, "light");
        browser.open("http://127.0.0.1:" + console.address().getPort() + "/");
        browser.awaitValue(LEVEL, "TROUBLE");
        assertThat(browser.value("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as("nothing scrolls sideways")
                .isEqualTo("true");
        assertThat(browser.value("document.querySelectorAll('table').length"))
                .isEqualTo(browser.value("document.querySelectorAll('table > caption').length"));

        browser.press("Tab");
        assertThat(browser.value("document.activeElement.className")).isEqualTo("skip");
        browser.press("Enter");
        browser.awaitValue("document.activeElement.id", "outlook");
        browser.press("Tab");
        assertThat(browser.value("document.activeElement.getAttribute('href')")).isEqualTo("#traffic");
    }

    @Test
    void a_picture_that_is_old_says_so() throws Exception {
        browser.look(1280, 900, "light");
        browser.open("http://127.0.0.1:" + console.address().getPort() + "/");
        browser.awaitValue("document.body.dataset.line", "live");
        console.close();
        browser.awaitValue("document.body.dataset.line", "lost");
        assertThat(text("#line")).contains("what you see is old");
        browser.screenshot(SHOTS.resolve("stale-light.png"));
    }

    private void shoot(String scene) throws Exception {
        for (String scheme : new String[] {"light", "dark"}) {
            browser.look(1280, 900, scheme);
            browser.screenshot(SHOTS.resolve(scene + "-" + scheme + ".png"));
        }
        browser.look(360, 740, "dark");
        browser.screenshot(SHOTS.resolve(scene + "-narrow.png"));
        browser.look(1280, 900, "light");
    }

    private String text(String selector) throws Exception {
        return browser.value("document.querySelector('" + selector + "').textContent");
    }
}
