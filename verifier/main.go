// Verifier reads a record copy and says whether it is sound, and what stands attested in it.
//
//	verifier COPY [--against COPY]... [--json | --position]
//
// It is written from docs/reference/record.md, verifying.md and position.md, apart from the program
// that writes records. It ends with 0 when the copy is sound and shows no fork, with 1 when it does
// not, and with 2 when it could not read.
package main

import (
	"fmt"
	"io"
	"os"
)

const usage = "usage: verifier COPY [--against COPY]... [--json | --position]"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// order is what the command line asks for.
type order struct {
	copy    string
	against []string
	show    string // "", "--json" or "--position"
}

func readOrder(arguments []string) (asked order, ok bool) {
	for at := 0; at < len(arguments); at++ {
		switch each := arguments[at]; {
		case each == "--json" || each == "--position":
			asked.show = each
		case each == "--against" && at+1 < len(arguments):
			at++
			asked.against = append(asked.against, arguments[at])
		case asked.copy == "" && each != "" && each[0] != '-':
			asked.copy = each
		default:
			return asked, false
		}
	}
	return asked, asked.copy != ""
}

func run(arguments []string, out, complaints io.Writer) int {
	asked, ok := readOrder(arguments)
	if !ok {
		fmt.Fprintln(complaints, usage)
		return 2
	}
	reading, err := read(asked.copy)
	for _, path := range asked.against {
		if err != nil {
			break
		}
		var theirs *Reading
		if theirs, err = read(path); err == nil {
			reading.holdAgainst(theirs)
		}
	}
	if err == nil {
		err = show(reading, asked.show, out)
	}
	if err != nil {
		fmt.Fprintln(complaints, "verifier:", err)
		return 2
	}
	if len(reading.problems) > 0 || len(reading.forks) > 0 {
		return 1
	}
	return 0
}

func read(path string) (*Reading, error) {
	files, err := openFolder(path)
	if err != nil {
		return nil, err
	}
	reading := readCopy(files)
	return reading, files.failed
}

func show(reading *Reading, form string, out io.Writer) error {
	switch form {
	case "--json":
		written, err := canonical(reading.report())
		if err == nil {
			_, err = out.Write(written)
		}
		return err
	case "--position":
		if len(reading.problems) > 0 {
			return fmt.Errorf("no position: %s at %s", reading.problems[0].Code, reading.problems[0].Place)
		}
		written, err := canonical(reading.position())
		if err == nil {
			_, err = out.Write(written)
		}
		return err
	}
	return tell(reading, out)
}
