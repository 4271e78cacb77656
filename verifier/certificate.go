package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

const (
	certificateFormat = "homeward-writer/v1"
	mostCertificate   = 8192
	mostHeads         = 32
)

var (
	isLog   = whole(logPattern)
	isAfter = whole(logPattern + ` ` + countPattern + ` [0-9a-f]{64}`)
)

// Certificate opens a log beyond a party's first: its keys, the heads it begins after, and the
// officers whose signatures do not count in it.
type Certificate struct {
	log               string
	entry, checkpoint []byte
	after             []Sighting
	without           []string
	digest            string
}

// lacks says whether the certificate takes an officer's signature from its log.
func (c *Certificate) lacks(officer string) bool {
	for _, each := range c.without {
		if each == officer {
			return true
		}
	}
	return false
}

// certificateReader goes through a certificate's lines.
type certificateReader struct {
	*cursor
	exchange *Exchange
	place    string
	message  []byte // what all its signatures cover
}

func (r *certificateReader) malformed(expected string) *Problem {
	return refuse("certificate-malformed", r.place, r.line(), expected)
}

// readCertificate reads and checks a certificate.
func readCertificate(exchange *Exchange, data []byte, place string) (*Certificate, *Problem) {
	lines, ok := linesOf(data, mostCertificate)
	if !ok || len(lines.lines) < 2 || lines.lines[0] != certificateFormat ||
		lines.lines[1] != "exchange "+exchange.id {
		return nil, refuse("certificate-malformed", place, "", certificateFormat+" of this exchange")
	}
	lines.at = 2
	reader := &certificateReader{lines, exchange, place, nil}
	sum := sha256.Sum256(data)
	read := &Certificate{digest: hex.EncodeToString(sum[:])}
	for _, check := range []func(*Certificate) *Problem{
		reader.body, reader.log, reader.proofs, reader.signers,
	} {
		if problem := check(read); problem != nil {
			return nil, problem
		}
	}
	return read, nil
}

func (r *certificateReader) body(read *Certificate) *Problem {
	log, ok := r.take("log", isLog)
	if !ok {
		return r.malformed("log <name>")
	}
	entry, ok := r.take("entry", isHex)
	if !ok {
		return r.malformed("entry <key>")
	}
	checkpoint, ok := r.take("checkpoint", isHex)
	if !ok {
		return r.malformed("checkpoint <key>")
	}
	read.log, read.entry, read.checkpoint = log, unhex(entry), unhex(checkpoint)
	for r.nextIs("after") {
		value, ok := r.take("after", isAfter)
		if !ok {
			return r.malformed("after <log> <size> <root>")
		}
		words := strings.Split(value, " ")
		size, _ := strconv.ParseInt(words[1], 10, 64)
		read.after = append(read.after, Sighting{words[0], size, words[2]})
	}
	for r.nextIs("without") {
		id, ok := r.take("without", isName)
		if !ok {
			return r.malformed("without <officer>")
		}
		read.without = append(read.without, id)
	}
	r.message = []byte(certificateFormat + " signature\n" + r.above())
	return nil
}

func (r *certificateReader) log(read *Certificate) *Problem {
	party := authorOf(read.log)
	if r.exchange.card(party) == nil {
		return refuse("party-unknown", r.place, party, "a party of the exchange")
	}
	if read.log == firstLog(party) {
		return refuse("certificate-malformed", r.place, read.log, "a log that no card opens")
	}
	last := ""
	for _, each := range read.after {
		if each.log <= last || each.log == read.log || authorOf(each.log) != party {
			return refuse("certificate-malformed", r.place, each.log, "own other logs in order")
		}
		last = each.log
	}
	if len(read.after) > mostHeads {
		return refuse("certificate-malformed", r.place, fmt.Sprint(len(read.after)), "at most 32")
	}
	last = ""
	for _, each := range read.without {
		if each <= last || r.exchange.card(party).officer(each) == nil {
			return refuse("certificate-malformed", r.place, each, "own officers in order")
		}
		last = each
	}
	return nil
}

func (r *certificateReader) proofs(read *Certificate) *Problem {
	for _, each := range []namedKey{{"entry", read.entry}, {"checkpoint", read.checkpoint}} {
		signature, ok := r.take("proof "+each.name, isHex2)
		if !ok {
			return r.malformed("proof " + each.name)
		}
		if !isProper(each.key) || !isSigned(r.message, unhex(signature), each.key) {
			return refuse("certificate-proof-wrong", r.place, each.name, "a signature by that key")
		}
	}
	return nil
}

func (r *certificateReader) signers(read *Certificate) *Problem {
	card := r.exchange.card(authorOf(read.log))
	rest := r.lines[r.at:]
	if len(rest) == 0 {
		return r.malformed("officers and the identity key")
	}
	var ids []string
	for _, line := range rest[:len(rest)-1] {
		words := strings.Split(line, " ")
		if len(words) != 3 || words[0] != "officer" {
			return r.malformed("officer <id> <signature>")
		}
		ids = append(ids, words[1])
	}
	if len(ids) != 2 || ids[0] >= ids[1] {
		return refuse("officers-number", r.place, fmt.Sprint(len(ids)), "two different officers in order")
	}
	for _, name := range []string{"officer " + ids[0], "officer " + ids[1], "identity"} {
		signature, ok := r.take(name, isHex2)
		if !ok {
			return r.malformed(name)
		}
		key := card.key(name)
		if key == nil || !isSigned(r.message, unhex(signature), key) {
			return refuse("certificate-signature-wrong", r.place, name, "a signature of the author's card")
		}
	}
	for _, id := range ids {
		if read.lacks(id) {
			return refuse("officer-revoked", r.place, id, "officers who still sign")
		}
	}
	return nil
}
