import com.sun.mail.smtp.SMTPAddressFailedException;
import com.sun.mail.smtp.SMTPSendFailedException;
import com.sun.mail.smtp.SMTPSenderFailedException;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Jakarta Mail: one Transport, connected once; its argument is the profile. */
public class Client {
  static final Map<String, String> env = System.getenv();
  static final Map<String, String> names = new HashMap<>();
  static boolean failed;

  static SSLSocketFactory trusting(String path) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (FileInputStream file = new FileInputStream(path)) {
      trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  static int codeOf(Throwable error) {
    if (error instanceof SMTPAddressFailedException) return ((SMTPAddressFailedException) error).getReturnCode();
    if (error instanceof SMTPSenderFailedException) return ((SMTPSenderFailedException) error).getReturnCode();
    if (error instanceof SMTPSendFailedException) return ((SMTPSendFailedException) error).getReturnCode();
    return 0;
  }

  static String wordOf(int code) {
    if (List.of(525, 530, 534, 535, 538).contains(code)) return "misconfigured";
    return code < 500 ? "temporary" : "permanent";
  }

  /** The exception and those within it. */
  static List<Throwable> chain(Throwable error) {
    List<Throwable> all = new ArrayList<>();
    for (Throwable each = error; each != null && !all.contains(each); each = each.getCause()) all.add(each);
    return all;
  }

  /** By the reply code that an exception has, else by the innermost class that the profile has a word for. */
  static String wordOf(Throwable error) {
    String word = "failed";
    for (Throwable each : chain(error)) {
      int code = codeOf(each);
      if (code >= 400 && code < 600) return wordOf(code);
      word = names.getOrDefault(each.getClass().getSimpleName(), word);
    }
    return word;
  }

  /** Of a message, or of a recipient of it. What is true of all of them, its exit status and output say. */
  static void tell(String... words) throws IOException {
    failed |= !words[0].equals("sent");
    if (words.length < 2 || words.length == 2 && env.get("MAILFAULT_MESSAGES").equals("1")) return;
    Files.writeString(Path.of(env.get("MAILFAULT_REPORT")), String.join(" ", words) + "\n", StandardOpenOption.APPEND,
        StandardOpenOption.CREATE);
  }

  static void show(Throwable error) {
    for (Throwable each : chain(error)) System.err.println(each.getClass().getSimpleName() + ": " + each.getMessage());
  }

  static void send(Session session, Transport transport, Address[] recipients, String path) throws Exception {
    String id;
    try (FileInputStream file = new FileInputStream(path)) {
      MimeMessage message = new MimeMessage(session, file);
      id = message.getMessageID();
      transport.sendMessage(message, recipients);
    } catch (MessagingException error) {
      id = new MimeMessage(session, new FileInputStream(path)).getMessageID();
      show(error);
      boolean apart = false;
      for (Throwable each : chain(error)) {
        if (!(each instanceof SMTPAddressFailedException)) continue;
        apart = true;
        tell(wordOf(codeOf(each)), id, ((SMTPAddressFailedException) each).getAddress().getAddress());
      }
      if (error instanceof SendFailedException failure) {
        tellEach("sent", id, failure.getValidSentAddresses());
        if (apart) tellEach("failed", id, failure.getValidUnsentAddresses());
      }
      if (!apart) tell(wordOf(error), id);
      return;
    }
    tell("sent", id);
  }

  static void tellEach(String word, String id, Address[] addresses) throws Exception {
    if (addresses == null) return;
    for (Address each : addresses) tell(word, id, ((InternetAddress) each).getAddress());
  }

  public static void main(String[] arguments) throws Exception {
    var pair = Pattern.compile("\"(\\w+)\": \"(\\w+)\"").matcher(Files.readString(Path.of(arguments[0])));
    while (pair.find()) names.put(pair.group(1), pair.group(2));

    String mode = env.getOrDefault("MAILFAULT_TLS", "none");
    String limit = Long.toString(Math.round(1000 * Double.parseDouble(env.get("MAILFAULT_TIMEOUT"))));
    boolean login = !env.getOrDefault("MAILFAULT_AUTH", "").isEmpty();
    Properties settings = new Properties();
    settings.put("mail.smtp.host", env.get("SMTP_HOST"));
    settings.put("mail.smtp.port", env.get("SMTP_PORT"));
    settings.put("mail.smtp.localhost", "client.example");
    settings.put("mail.smtp.from", env.get("MAILFAULT_SENDER"));
    for (String each : List.of("connectiontimeout", "timeout", "writetimeout")) settings.put("mail.smtp." + each, limit);
    if (login) settings.put("mail.smtp.auth", "true");
    if (mode.equals("starttls")) {
      settings.put("mail.smtp.starttls.enable", "true");
      settings.put("mail.smtp.starttls.required", "true");
    }
    if (mode.equals("implicit")) settings.put("mail.smtp.ssl.enable", "true");
    if (!mode.equals("none")) settings.put("mail.smtp.ssl.socketFactory", trusting(env.get("MAILFAULT_CA")));

    Session session = Session.getInstance(settings);
    Address[] recipients = InternetAddress.parse(env.get("MAILFAULT_RECIPIENTS").replace(' ', ','));
    int count = Integer.parseInt(env.get("MAILFAULT_MESSAGES"));
    long idle = Math.round(1000 * Double.parseDouble("0" + env.getOrDefault("MAILFAULT_IDLE", "")));
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect(login ? env.get("SMTP_USER") : null, login ? env.get("SMTP_PASSWORD") : null);
      for (int number = 1; number <= count; ++number) {
        if (number > 1) Thread.sleep(idle);
        send(session, transport, recipients, env.get("MAILFAULT_MAIL") + "/" + number + ".eml");
      }
    } catch (MessagingException error) {
      show(error);
      tell(wordOf(error));
    }
    System.exit(failed ? 1 : 0);
  }
}
