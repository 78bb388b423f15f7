// Writes the queue message of each request on standard input (one a line) with Go's own encoding/json, for
// go-messages.jsonl: `go run go-messages.go < requests.jsonl > go-messages.jsonl` with Go 1.22 or newer.
// The structs have the fields, order and tags of CognObserve's ingest. Numbers are read with UseNumber, because Shunt
// keeps their text; every request here brings its ids and times.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

type object = map[string]any

type request struct {
	TraceID   *string `json:"trace_id,omitempty"`
	SessionID *string `json:"session_id,omitempty"`
	UserID    *string `json:"user_id,omitempty"`
	User      *struct {
		Name     *string `json:"name,omitempty"`
		Email    *string `json:"email,omitempty"`
		Metadata object  `json:"metadata,omitempty"`
	} `json:"user,omitempty"`
	Name     string `json:"name"`
	Metadata object `json:"metadata,omitempty"`
	Spans    []struct {
		SpanID          *string    `json:"span_id,omitempty"`
		ParentSpanID    *string    `json:"parent_span_id,omitempty"`
		Name            string     `json:"name"`
		StartTime       *time.Time `json:"start_time,omitempty"`
		EndTime         *time.Time `json:"end_time,omitempty"`
		Input           object     `json:"input,omitempty"`
		Output          object     `json:"output,omitempty"`
		Metadata        object     `json:"metadata,omitempty"`
		Model           *string    `json:"model,omitempty"`
		ModelParameters object     `json:"model_parameters,omitempty"`
		Usage           *struct {
			PromptTokens     *int32 `json:"prompt_tokens,omitempty"`
			CompletionTokens *int32 `json:"completion_tokens,omitempty"`
			TotalTokens      *int32 `json:"total_tokens,omitempty"`
		} `json:"usage,omitempty"`
		Level         string  `json:"level,omitempty"`
		StatusMessage *string `json:"status_message,omitempty"`
	} `json:"spans"`
}

type userInfo struct {
	Name     *string `json:",omitempty"`
	Email    *string `json:",omitempty"`
	Metadata object  `json:",omitempty"`
}

type trace struct {
	ID        string
	ProjectID string
	SessionID *string
	UserID    *string
	User      *userInfo
	Name      string
	Timestamp time.Time
	Metadata  object
	Spans     []span
}

type span struct {
	ID              string
	TraceID         string
	ParentSpanID    *string
	Name            string
	StartTime       time.Time
	EndTime         *time.Time
	Input           object
	Output          object
	Metadata        object
	Model           *string
	ModelParameters object
	Usage           *usage
	Level           int
	StatusMessage   *string
}

type usage struct {
	PromptTokens     *int32
	CompletionTokens *int32
	TotalTokens      *int32
}

func main() {
	levels := map[string]int{"DEBUG": 1, "DEFAULT": 2, "WARNING": 3, "ERROR": 4}
	now := time.Date(2026, 11, 21, 22, 0, 0, 123456000, time.UTC)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var r request
		decoder := json.NewDecoder(strings.NewReader(lines.Text()))
		decoder.UseNumber()
		if err := decoder.Decode(&r); err != nil {
			panic(err)
		}
		t := trace{ID: *r.TraceID, ProjectID: "default", SessionID: r.SessionID, UserID: r.UserID, Name: r.Name,
			Timestamp: now, Metadata: r.Metadata, Spans: []span{}}
		if r.User != nil {
			t.User = &userInfo{r.User.Name, r.User.Email, r.User.Metadata}
		}
		for _, s := range r.Spans {
			level, known := levels[s.Level]
			if !known {
				level = 2
			}
			sent := span{ID: *s.SpanID, TraceID: t.ID, ParentSpanID: s.ParentSpanID, Name: s.Name,
				StartTime: *s.StartTime, EndTime: s.EndTime, Input: s.Input, Output: s.Output, Metadata: s.Metadata,
				Model: s.Model, ModelParameters: s.ModelParameters, Level: level, StatusMessage: s.StatusMessage}
			if s.Usage != nil {
				sent.Usage = &usage{s.Usage.PromptTokens, s.Usage.CompletionTokens, s.Usage.TotalTokens}
			}
			t.Spans = append(t.Spans, sent)
		}
		message, err := json.Marshal(t)
		if err != nil {
			panic(err)
		}
		body, _ := json.Marshal(lines.Text())
		fmt.Printf("{\"request\":%s,\"message\":%s}\n", bytes.TrimSpace(body), quote(message))
	}
}

func quote(text []byte) []byte {
	quoted, _ := json.Marshal(string(text))
	return quoted
}
