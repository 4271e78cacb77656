package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	plainKey       = 0x01
	witnessKey     = 0x04
	secondKey      = 0x06
	mostNote       = 64 * 1024
	mostSignatures = 100
)

// noteLine is one signature line: the key's name, its 4-byte id, and what follows.
type noteLine struct {
	name  string
	id    [4]byte
	value []byte
}

// Note is a signed note (c2sp.org/signed-note) taken apart; nothing is verified yet.
type Note struct {
	text  string
	lines []noteLine
}

// keyID is the first 4 bytes of SHA-256(name, newline, signature type, key).
func keyID(name string, kind byte, key []byte) (id [4]byte) {
	sum := sha256.Sum256(append(append([]byte(name+"\n"), kind), key...))
	copy(id[:], sum[:])
	return id
}

// verifierKey is the key in the form that other C2SP tools are given.
func verifierKey(name string, kind byte, key []byte) string {
	material := base64.StdEncoding.EncodeToString(append([]byte{kind}, key...))
	return fmt.Sprintf("%s+%x+%s", name, keyID(name, kind, key), material)
}

// fromBase64 takes standard base64 in its one spelling.
func fromBase64(text, place string) ([]byte, *Problem) {
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(value) != text {
		return nil, refuse("base64-malformed", place, text, "standard base64")
	}
	return value, nil
}

// readNote takes a signed note apart.
func readNote(data []byte, place string) (*Note, *Problem) {
	if len(data) > mostNote {
		return nil, refuse("note-too-long", place, "", "at most 64 KiB")
	}
	if !utf8.Valid(data) {
		return nil, refuse("note-not-utf8", place, "", "UTF-8")
	}
	for _, each := range data {
		if each < 0x20 && each != '\n' {
			return nil, refuse("note-control-character", place, "", "no control character")
		}
	}
	gap := bytes.LastIndex(data, []byte("\n\n"))
	if gap < 0 || gap+2 == len(data) || data[len(data)-1] != '\n' {
		return nil, refuse("note-malformed", place, "", "text, an empty line, signature lines")
	}
	lines := strings.Split(string(data[gap+2:len(data)-1]), "\n")
	if len(lines) > mostSignatures {
		return nil, refuse("note-too-many-signatures", place, fmt.Sprint(len(lines)), "at most 100")
	}
	note := &Note{text: string(data[:gap+1])}
	for _, line := range lines {
		read, problem := readNoteLine(line, place)
		if problem != nil {
			return nil, problem
		}
		note.lines = append(note.lines, read)
	}
	return note, note.checkTwice(place)
}

func readNoteLine(line, place string) (read noteLine, problem *Problem) {
	malformed := refuse("note-malformed", place, line, "— name base64")
	words := strings.SplitN(line, " ", 3)
	if len(words) != 3 || words[0] != "—" || !isKeyName(words[1]) || words[2] == "" {
		return read, malformed
	}
	value, problem := fromBase64(words[2], place)
	if problem != nil {
		return read, problem
	}
	if len(value) < 5 {
		return read, malformed
	}
	read.name, read.value = words[1], value[4:]
	copy(read.id[:], value)
	return read, nil
}

func isKeyName(name string) bool {
	odd := func(char rune) bool { return unicode.IsSpace(char) || char == '+' || char == 0x7f }
	return name != "" && strings.IndexFunc(name, odd) < 0
}

func (n *Note) checkTwice(place string) *Problem {
	known := map[string]bool{}
	for _, each := range n.lines {
		key := string(each.id[:]) + each.name
		if known[key] {
			return refuse("note-signature-twice", place, each.name, "one line for each key")
		}
		known[key] = true
	}
	return nil
}

// by gives what a key signed, unverified; nil when it has no line here.
func (n *Note) by(name string, kind byte, key []byte) []byte {
	id := keyID(name, kind, key)
	for _, each := range n.lines {
		if each.name == name && each.id == id {
			return each.value
		}
	}
	return nil
}
