// net/smtp's Client, used as its documentation shows it. It has no timeouts: the connection's deadline is set for each
// step, as callers do. The argument is the profile.
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	host       = os.Getenv("SMTP_HOST")
	mode       = os.Getenv("MAILFAULT_TLS")
	recipients = strings.Fields(os.Getenv("MAILFAULT_RECIPIENTS"))
	names      map[string]string
	failed     bool
	limit      time.Duration
	conn       net.Conn
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func wordOfCode(code int) string {
	switch {
	case code == 525 || code == 530 || code == 534 || code == 535 || code == 538:
		return "misconfigured"
	case code < 500:
		return "temporary"
	}
	return "permanent"
}

// By the reply code of a textproto.Error, else by the type of the innermost error that the profile has.
func wordOf(err error) string {
	var reply *textproto.Error
	if errors.As(err, &reply) && reply.Code >= 400 && reply.Code < 600 {
		return wordOfCode(reply.Code)
	}
	word := "failed"
	for each := err; each != nil; each = errors.Unwrap(each) {
		name := strings.TrimPrefix(fmt.Sprintf("%T", each), "*")
		if name == "errors.errorString" {
			name = each.Error()
		}
		if known, is := names[name]; is {
			word = known
		}
	}
	return word
}

// Of a message, or of a recipient of it. What is true of all of them, its exit status and output say.
func tell(words ...string) {
	failed = failed || words[0] != "sent"
	if len(words) < 2 || os.Getenv("MAILFAULT_MESSAGES") == "1" {
		return
	}
	file, err := os.OpenFile(os.Getenv("MAILFAULT_REPORT"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	must(err)
	defer file.Close()
	fmt.Fprintln(file, strings.Join(words, " "))
}

func tellError(err error, of ...string) {
	fmt.Fprintf(os.Stderr, "%T: %v\n", err, err)
	tell(append([]string{wordOf(err)}, of...)...)
}

func step() { conn.SetDeadline(time.Now().Add(limit)) }

func connect() (*smtp.Client, error) {
	address := net.JoinHostPort(host, os.Getenv("SMTP_PORT"))
	roots := x509.NewCertPool()
	if ca, err := os.ReadFile(os.Getenv("MAILFAULT_CA")); err == nil {
		roots.AppendCertsFromPEM(ca)
	}
	config := &tls.Config{ServerName: host, RootCAs: roots}
	var err error
	if conn, err = net.DialTimeout("tcp", address, limit); err != nil {
		return nil, err
	}
	step()
	if mode == "implicit" {
		conn = tls.Client(conn, config)
	}
	client, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, err
	}
	step()
	if err := client.Hello("client.example"); err != nil {
		return client, err
	}
	if mode == "starttls" {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return client, errors.New("server doesn't support STARTTLS")
		}
		step()
		if err := client.StartTLS(config); err != nil {
			return client, err
		}
	}
	if os.Getenv("MAILFAULT_AUTH") != "" {
		if offered, _ := client.Extension("AUTH"); !offered {
			return client, errors.New("server doesn't support AUTH") // as SendMail says it
		}
		step()
		return client, client.Auth(smtp.PlainAuth("", os.Getenv("SMTP_USER"), os.Getenv("SMTP_PASSWORD"), host))
	}
	return client, nil
}

func send(client *smtp.Client, id string, text []byte) error {
	step()
	if err := client.Mail(os.Getenv("MAILFAULT_SENDER")); err != nil {
		return err
	}
	for _, recipient := range recipients {
		step()
		if err := client.Rcpt(recipient); err != nil {
			return err
		}
	}
	step()
	body, err := client.Data()
	if err != nil {
		return err
	}
	if _, err = io.Copy(body, bytes.NewReader(text)); err != nil {
		return err
	}
	step()
	return body.Close()
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	must(err)
	var profile struct{ Names map[string]string }
	must(json.Unmarshal(text, &profile))
	names = profile.Names
	seconds, err := strconv.ParseFloat(os.Getenv("MAILFAULT_TIMEOUT"), 64)
	must(err)
	limit = time.Duration(seconds * float64(time.Second))
	idle, _ := strconv.ParseFloat(os.Getenv("MAILFAULT_IDLE"), 64)
	count, err := strconv.Atoi(os.Getenv("MAILFAULT_MESSAGES"))
	must(err)

	client, err := connect()
	if err != nil {
		tellError(err)
		if client != nil {
			client.Close()
		}
		os.Exit(1)
	}
	for number := 1; number <= count; number++ {
		if number > 1 {
			time.Sleep(time.Duration(idle * float64(time.Second)))
		}
		text, err := os.ReadFile(filepath.Join(os.Getenv("MAILFAULT_MAIL"), strconv.Itoa(number)+".eml"))
		must(err)
		id := string(regexp.MustCompile(`(?im)^Message-ID:\s*(<.*?>)`).FindSubmatch(text)[1])
		if err := send(client, id, text); err != nil {
			tellError(err, id)
			step()
			client.Reset()
		} else {
			tell("sent", id)
		}
	}
	step()
	if err := client.Quit(); err != nil {
		tellError(err)
	}
	if failed {
		os.Exit(1)
	}
}
