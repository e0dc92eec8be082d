"""The pages: all posts, one post, and the form for a new one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.models import Post, db

log = Blueprint("log", __name__)


@log.get("/")
def index():
    posts = db.session.scalars(db.select(Post).order_by(Post.id.desc()))
    return render_template("index.html", posts=posts)


@log.get("/posts/<int:number>")
def post(number):
    return render_template("post.html", post=db.get_or_404(Post, number))


@log.get("/new")
def form():
    return render_template("new.html", given={})


@log.post("/new")
def write():
    given = {name: request.form.get(name, "").strip() for name in ("title", "body", "author")}
    if not all(given.values()) or len(given["title"]) > 80 or len(given["author"]) > 40:
        flash("Title, text and author, please; 80 letters at most for the title, 40 for the author.")
        return render_template("new.html", given=given), 400
    written = Post(**given)
    db.session.add(written)
    db.session.commit()
    flash("Written into the log.")
    return redirect(url_for("log.post", number=written.id), 303)
