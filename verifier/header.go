package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	entryFormat    = "homeward-entry/v1"
	mostHeader     = 2048
	mostSightings  = 12
	signatureBytes = 64
)

// Sighting is a size and root of another log that an author had countersigned.
type Sighting struct {
	log  string
	size int64
	root string
}

// Sum is one of the numbers that a closing or a count states.
type Sum struct {
	name  string
	count int64
}

// Entry is one signed act. A line that the header lacks is an empty text, or the number 0.
type Entry struct {
	exchange, log, author, writer string
	epoch, seq                    int64
	prev                          string
	seen                          []Sighting
	kind                          string
	stage, step                   int64
	from, to, class, handle       string
	digest                        string
	sums                          []Sum
	prior                         string
	bodies                        []string // SHA-256 of the sealed bodies
	officers                      [][2]string
	hash                          tlog.Hash
	id                            string // the hash in hexadecimal
}

func (e *Entry) sum(name string) int64 {
	for _, each := range e.sums {
		if each.name == name {
			return each.count
		}
	}
	return 0
}

// lineForm is the form of one header line and whether it may stand several times.
type lineForm struct {
	name    string
	form    func(string) bool
	repeats bool
}

const (
	wordPattern = `[a-z][a-z0-9_-]{0,31}`
	sumPattern  = `[a-z0-9][a-z0-9._/:>_-]{0,79}=` + numberPattern
)

var (
	isNumber = whole(numberPattern)
	isCount  = whole(countPattern)
)

// headerLines are all lines of a header behind the first, in their order.
var headerLines = []lineForm{
	{"exchange", isHex, false},
	{"author", isName, false},
	{"writer", isName, false},
	{"epoch", isCount, false},
	{"seq", isNumber, false},
	{"prev", isHex, false},
	{"seen", whole(logPattern + ` ` + countPattern + ` [0-9a-f]{64}`), true},
	{"kind", whole(`[a-z]+(?:-[a-z]+)*`), false},
	{"stage", isCount, false},
	{"step", isCount, false},
	{"from", isName, false},
	{"to", isName, false},
	{"class", whole(wordPattern + `/` + wordPattern + `/` + wordPattern), false},
	{"handle", hexOf(16), false},
	{"digest", isHex, false},
	{"sums", whole(sumPattern + `(?: ` + sumPattern + `)*`), false},
	{"prior", isHex, false},
	{"part", whole(`[0-9a-f]{64} [0-9a-f]{64}`), true},
	{"officer", whole(namePattern + ` [0-9a-f]{128}`), true},
}

// Every header has these; on those from "stage" to "part" its kind decides.
var always = []string{"exchange", "author", "writer", "epoch", "seq", "prev", "kind"}

func isDecided(at int) bool { return at >= 8 && at <= 17 }

// fields are the values of a header's lines by name.
type fields map[string][]string

func (f fields) text(name string) string {
	if len(f[name]) == 0 {
		return ""
	}
	return f[name][0]
}

func (f fields) number(name string) int64 {
	value, _ := strconv.ParseInt(f.text(name), 10, 64) // at most 15 digits, or absent
	return value
}

// readEntry takes a leaf apart. Whose key signed it, and what it continues, is asked in follows.
func readEntry(leaf []byte, place string) (*Entry, *Problem) {
	var header []byte
	if len(leaf) > signatureBytes {
		header = leaf[signatureBytes:]
	}
	found, problem := readLines(header, place)
	if problem != nil {
		return nil, problem
	}
	rule, known := kinds[found.text("kind")]
	if !known {
		return nil, refuse("kind-unknown", place, found.text("kind"), "a kind of the table")
	}
	if problem := checkFields(rule, found, place); problem != nil {
		return nil, problem
	}
	return entryOf(found, leaf, place)
}

func readLines(header []byte, place string) (fields, *Problem) {
	if len(header) > mostHeader {
		return nil, refuse("header-too-long", place, fmt.Sprint(len(header)), "at most 2,048 bytes")
	}
	for _, each := range header {
		if (each < 0x20 || each > 0x7e) && each != '\n' {
			return nil, refuse("header-not-ascii", place, "", "printable ASCII and newlines")
		}
	}
	if !bytes.HasSuffix(header, []byte("\n")) {
		return nil, refuse("header-cut", place, "", "a newline at the end")
	}
	lines := strings.Split(string(header[:len(header)-1]), "\n")
	if lines[0] != entryFormat {
		return nil, refuse("header-format", place, lines[0], entryFormat)
	}
	found := fields{}
	last := -1
	for _, line := range lines[1:] {
		at, problem := readLine(line, last, found, place)
		if problem != nil {
			return nil, problem
		}
		last = at
	}
	for _, name := range always {
		if found[name] == nil {
			return nil, refuse("header-line-missing", place, name, "a line every header has")
		}
	}
	return found, nil
}

// readLine adds one line to the fields; last is the place of the line before it in the order.
func readLine(line string, last int, found fields, place string) (int, *Problem) {
	name, value, _ := strings.Cut(line, " ")
	at := 0
	for at < len(headerLines) && headerLines[at].name != name {
		at++
	}
	if at == len(headerLines) {
		return at, refuse("header-line-unknown", place, line, "a line of this format")
	}
	if at < last || (at == last && !headerLines[at].repeats) {
		if found[name] != nil {
			return at, refuse("header-line-twice", place, line, "each line once")
		}
		return at, refuse("header-line-order", place, line, "each line in its place")
	}
	if !headerLines[at].form(value) {
		return at, refuse("header-value-malformed", place, line, "another spelling")
	}
	found[name] = append(found[name], value)
	return at, nil
}

func checkFields(rule rule, found fields, place string) *Problem {
	for at, line := range headerLines {
		if !isDecided(at) {
			continue
		}
		if found[line.name] != nil && !rule.allowed[line.name] {
			return refuse("field-forbidden", place, line.name, "no such line in this kind")
		}
		if found[line.name] == nil && rule.required[line.name] {
			return refuse("field-missing", place, line.name, "a line this kind requires")
		}
	}
	if len(found["officer"]) != rule.officers {
		return refuse("officers-number", place, fmt.Sprint(len(found["officer"])), fmt.Sprint(rule.officers))
	}
	last := ""
	for _, line := range found["officer"] {
		id, _, _ := strings.Cut(line, " ")
		if id <= last {
			return refuse("officers-malformed", place, id, "different officers in order")
		}
		last = id
	}
	if found["from"] != nil && found.text("from") == found.text("to") {
		return refuse("field-contradicts", place, found.text("from"), "from and to that differ")
	}
	return nil
}

func entryOf(found fields, leaf []byte, place string) (*Entry, *Problem) {
	entry := &Entry{
		exchange: found.text("exchange"), author: found.text("author"), writer: found.text("writer"),
		epoch: found.number("epoch"), seq: found.number("seq"), prev: found.text("prev"),
		kind: found.text("kind"), stage: found.number("stage"), step: found.number("step"),
		from: found.text("from"), to: found.text("to"), class: found.text("class"),
		handle: found.text("handle"), digest: found.text("digest"), prior: found.text("prior"),
		hash: tlog.RecordHash(leaf),
	}
	entry.log = fmt.Sprintf("%s.%s.%d", entry.author, entry.writer, entry.epoch)
	entry.id = hex.EncodeToString(entry.hash[:])
	for _, line := range found["part"] {
		entry.bodies = append(entry.bodies, line[65:])
	}
	for _, line := range found["officer"] {
		id, signature, _ := strings.Cut(line, " ")
		entry.officers = append(entry.officers, [2]string{id, signature})
	}
	if !entry.readSeen(found["seen"]) {
		return nil, refuse("seen-malformed", place, "", "other logs in order, each once")
	}
	if !entry.readSums(found.text("sums")) {
		return nil, refuse("sums-malformed", place, found.text("sums"), "names in order, each once")
	}
	return entry, nil
}

func (e *Entry) readSeen(lines []string) bool {
	last := ""
	for _, line := range lines {
		words := strings.Split(line, " ")
		size, _ := strconv.ParseInt(words[1], 10, 64)
		if words[0] <= last || words[0] == e.log {
			return false
		}
		e.seen = append(e.seen, Sighting{words[0], size, words[2]})
		last = words[0]
	}
	return len(lines) <= mostSightings
}

func (e *Entry) readSums(value string) bool {
	last := ""
	for _, pair := range strings.Fields(value) {
		name, digits, _ := strings.Cut(pair, "=")
		count, _ := strconv.ParseInt(digits, 10, 64)
		if name <= last {
			return false
		}
		e.sums = append(e.sums, Sum{name, count})
		last = name
	}
	return true
}

// signedText is what the log's entry key signs.
func signedText(leaf []byte) []byte {
	return append([]byte(entryFormat+" signature\n"), leaf[signatureBytes:]...)
}

// officersText is what an officer signs: the header without its officer lines.
func officersText(leaf []byte) []byte {
	header := leaf[signatureBytes:]
	if at := bytes.Index(header, []byte("\nofficer ")); at >= 0 {
		header = header[:at+1]
	}
	return append([]byte(entryFormat+" officer\n"), header...)
}
