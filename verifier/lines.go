package main

import (
	"regexp"
	"strings"
)

const (
	namePattern   = `[a-z][a-z0-9-]{0,31}`
	countPattern  = `[1-9][0-9]{0,14}`
	numberPattern = `(?:0|[1-9][0-9]{0,14})`
	logPattern    = namePattern + `\.` + namePattern + `\.` + countPattern
)

var (
	isName = whole(namePattern)
	isHex  = hexOf(32)
	isHex2 = hexOf(64)
)

// hexOf makes a test of whether a text is so many bytes in lower-case hexadecimal.
func hexOf(bytes int) func(string) bool {
	return func(text string) bool {
		return len(text) == 2*bytes && strings.Trim(text, "0123456789abcdef") == ""
	}
}

// whole makes a test of whether all of a text has a form.
func whole(pattern string) func(string) bool {
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString
}

func isASCII(data []byte) bool {
	for _, each := range data {
		if each >= 0x80 {
			return false
		}
	}
	return true
}

// cursor goes through lines that must come in one order.
type cursor struct {
	lines []string
	at    int
}

// linesOf cuts an ASCII text that ends in a newline; false when it is not one, or longer than most.
func linesOf(data []byte, most int) (*cursor, bool) {
	if !isASCII(data) || len(data) > most || len(data) == 0 || data[len(data)-1] != '\n' {
		return nil, false
	}
	return &cursor{lines: strings.Split(string(data[:len(data)-1]), "\n")}, true
}

func (c *cursor) line() string {
	if c.at < len(c.lines) {
		return c.lines[c.at]
	}
	return ""
}

func (c *cursor) ended() bool { return c.at >= len(c.lines) }

func (c *cursor) nextIs(name string) bool { return strings.HasPrefix(c.line(), name+" ") }

// take gives the value of the next line when it has this name and form, and steps over it.
func (c *cursor) take(name string, form func(string) bool) (string, bool) {
	value := strings.TrimPrefix(c.line(), name+" ")
	if !c.nextIs(name) || !form(value) {
		return "", false
	}
	c.at++
	return value, true
}

// above gives the lines passed so far as a text.
func (c *cursor) above() string { return strings.Join(c.lines[:c.at], "\n") + "\n" }
