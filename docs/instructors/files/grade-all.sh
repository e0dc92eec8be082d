#!/bin/sh
# Grade every folder under submissions/ for one exercise: sh grade-all.sh 01-hello
exercise=$1
mkdir -p reports
for folder in submissions/*/; do
  name=$(basename "$folder")
  .venv/bin/python -m grader grade "$exercise" "$folder" --format json > "reports/$name.json"
  case $? in
    0 | 1) echo "$name: graded" ;;
    *) echo "$name: not graded, try again" ;;
  esac
done
