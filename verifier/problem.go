package main

// Problem is one thing that is wrong, or worth a note, with a code of problems-record.md.
type Problem struct {
	Code     string `json:"code"`
	Place    string `json:"place"`
	Value    string `json:"value"`
	Expected string `json:"expected"`
}

// refuse makes a problem; the code is given without "record.".
func refuse(code, place, value, expected string) *Problem {
	const most = 160
	if len(value) > most {
		value = value[:most]
	}
	return &Problem{"record." + code, place, value, expected}
}
